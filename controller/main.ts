import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { OrdealError } from '../errors/ordeal-error.ts';
import { Bus } from '../events/bus.ts';
import { Reporter } from '../events/reporter.ts';
import type { ProtoGrpcType as AgentProto } from '../proto/generated/agent.ts';
import type { ProtoGrpcType as ControlProto } from '../proto/generated/control.ts';
import { tlsFiles } from '../service/credentials.ts';
import { startGrpcServer } from '../service/grpc-server.ts';
import { startHttpStatus } from '../service/http-status.ts';
import { createLog, type Log } from '../service/log.ts';
import { Parts } from '../service/parts.ts';
import { loadProto } from '../service/proto.ts';
import type { Running } from '../service/running.ts';
import { controlService } from './api/control-service.ts';
import { Controller } from './controller.ts';
import { sessionHandler } from './fleet/session.ts';
import { controllerRegistry } from './gauges.ts';

export interface ControllerSettings {
  /** host:port each; port 0 takes a free one. */
  readonly listen: readonly string[];
  /** Such as tls://127.0.0.1:4222; several are separated by commas. */
  readonly nats: string;
  /** The directory of `ca.pem` and `controller.pem`. */
  readonly certificates: string;
  /** The directory of the spool and of the orders to stop; no two controllers can share one. */
  readonly state: string;
  /** Of the loopback; without it nothing is served there. */
  readonly statusPort?: number;
}

interface RunningController extends Running {
  /** host:port, of the first that was asked for. */
  readonly address: string;
  /** Resolves when it cannot go on, and is to be stopped. */
  readonly failed: Promise<OrdealError>;
}

/** Serves at once, also while the store is away: hosts can join, and everything can be stopped. */
export async function startController(settings: ControllerSettings): Promise<RunningController> {
  const log = createLog('controller');
  const parts = new Parts(log);
  const { address, failed } = await parts.start(async () => await start(settings, log, parts));
  return { address, failed, stop: async () => await parts.stop() };
}

async function start(
  settings: ControllerSettings,
  log: Log,
  parts: Parts,
): Promise<Pick<RunningController, 'address' | 'failed'>> {
  const { listen, nats, state, statusPort } = settings;
  const tls = tlsFiles(settings.certificates, 'controller');
  await mkdir(state, { recursive: true, mode: 0o700 });
  const bus = await Bus.connect({ servers: nats, tls, name: 'controller', log });
  parts.add('bus', async () => await bus.close());
  const directory = join(state, 'spool');
  const reporter = await Reporter.open({ producer: 'controller', host: 'controller', directory, bus, log });
  parts.add('reporter', async () => await reporter.end());

  const controller = new Controller({ stateDirectory: state, bus, reporter, log });
  parts.add('controller', async () => await controller.stop());
  const { AgentService } = loadProto<AgentProto>('ordeal/v1/agent.proto').ordeal.v1;
  const { ControlService } = loadProto<ControlProto>('ordeal/v1/control.proto').ordeal.v1;
  const server = await startGrpcServer({
    addresses: listen,
    tls,
    register: (grpc) => {
      grpc.addService(ControlService.service, controlService(controller, log));
      grpc.addService(AgentService.service, { Session: sessionHandler(controller.fleet, log) });
    },
    log,
  });
  parts.add('gRPC server', async () => await server.stop());
  if (statusPort !== undefined) {
    const status = await startHttpStatus({
      address: `127.0.0.1:${statusPort}`,
      registry: controllerRegistry(controller, () => reporter.pending),
      unhealthy: () => (bus.connected ? undefined : 'the store (NATS) is not connected'),
    });
    parts.add('status', async () => await status.stop());
  }
  controller.resume().catch((error: unknown) => {
    log.info({ why: OrdealError.from(error).message }, 'what was left has not been taken up');
  });
  const [address] = server.addresses;
  if (address === undefined)
    throw new OrdealError('INVALID_INPUT', 'the controller needs an address to listen on');
  return { address, failed: controller.failed };
}
