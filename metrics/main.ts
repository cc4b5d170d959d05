import { Bus } from '../events/bus.ts';
import { Reporter } from '../events/reporter.ts';
import type { ProtoGrpcType } from '../proto/generated/metrics.ts';
import { tlsFiles } from '../service/credentials.ts';
import { startGrpcServer } from '../service/grpc-server.ts';
import { startHttpStatus } from '../service/http-status.ts';
import { createLog, type Log } from '../service/log.ts';
import { Parts } from '../service/parts.ts';
import { ProcessMetrics } from '../service/process-metrics.ts';
import { loadProto } from '../service/proto.ts';
import type { Running } from '../service/running.ts';
import { metricsApi } from './service/api.ts';
import { intake } from './service/intake.ts';
import { MeasureGauges } from './service/measure-gauges.ts';
import { Recorder } from './service/recorder.ts';

export interface MetricsSettings {
  /** host:port each. */
  readonly listen: readonly string[];
  /** host:port, several with commas. */
  readonly nats: string;
  /** The directory of `ca.pem` and `metrics.pem`. */
  readonly certificates: string;
  /** Where saved runs are kept. */
  readonly runs: string;
  /** The directory of the spool. */
  readonly state: string;
  /** Of the loopback; without it nothing is served. */
  readonly statusPort?: number;
}

/** Consumes events and samples, turns them into measures, and answers for them. */
export async function startMetrics(settings: MetricsSettings): Promise<Running> {
  const log = createLog('metrics');
  const parts = new Parts(log);
  await parts.start(async () => await start(settings, log, parts));
  return parts;
}

async function start(settings: MetricsSettings, log: Log, parts: Parts): Promise<void> {
  const tls = tlsFiles(settings.certificates, 'metrics');
  const bus = await Bus.connect({ servers: settings.nats, tls, name: 'metrics', log });
  parts.add('bus', async () => await bus.close());
  const reporter = await Reporter.open({
    producer: 'metrics',
    host: 'metrics',
    directory: settings.state,
    bus,
    log,
  });
  parts.add('reporter', async () => await reporter.end());
  const metrics = new ProcessMetrics();
  metrics.value('ordeal_nats_connected', () => Number(bus.connected));
  metrics.value('ordeal_spool_pending_messages', () => reporter.pending);
  metrics.value('ordeal_metrics_invalid_messages_total', () => bus.invalidMessages);
  const gauges = new MeasureGauges(metrics);
  const recorder = new Recorder({
    runs: settings.runs,
    reporter,
    log,
    onMeasured: (...measured) => gauges.set(...measured),
  });
  parts.add('recorder', async () => await recorder.settled());
  recorder.resume();

  const { MetricsService } = loadProto<ProtoGrpcType>('ordeal/v1/metrics.proto').ordeal.v1;
  const server = await startGrpcServer({
    addresses: settings.listen,
    tls,
    register: (grpc) => grpc.addService(MetricsService.service, metricsApi(settings.runs)),
    log,
  });
  parts.add('gRPC server', async () => await server.stop());
  if (settings.statusPort !== undefined) {
    const status = await startHttpStatus({
      address: `127.0.0.1:${settings.statusPort}`,
      registry: metrics.registry,
      unhealthy: () => (bus.connected ? undefined : 'not connected to NATS'),
    });
    parts.add('status', async () => await status.stop());
  }
  const taking = intake(bus, recorder, gauges, log);
  parts.add('intake', async () => await taking.stop());
}
