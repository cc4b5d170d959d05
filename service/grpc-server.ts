import { promisify } from 'node:util';
import {
  logVerbosity,
  Server,
  setLogVerbosity,
  type ServerCredentials,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { OrdealError } from '../errors/ordeal-error.ts';
import { serverCredentials, type TlsFiles } from './credentials.ts';
import { Health } from './health.ts';
import type { Log } from './log.ts';
import type { Running } from './running.ts';

interface GrpcServerOptions {
  /** host:port each; port 0 takes a free one. */
  readonly addresses: readonly string[];
  /** There is no server without it: every client shows a certificate of the same authority. */
  readonly tls: TlsFiles;
  /** Adds the services: `server.addService(...)`. */
  readonly register: (server: Server) => void;
  readonly log: Log;
}

export interface GrpcServer extends Running {
  /** host:port each, in the order asked for, with the port that was taken. */
  readonly addresses: readonly string[];
  /** What the standard health service answers; true from the start. */
  setServing(serving: boolean): void;
}

/** What is being answered gets so long to be answered when the server stops; sessions and watches never end by themselves. */
const answerWithinMs = 1_000;
/** A peer that is gone without a word is noticed after both. */
const keepalive = { 'grpc.keepalive_time_ms': 5_000, 'grpc.keepalive_timeout_ms': 5_000 };

/** Serves gRPC, and the standard health service, over mutual TLS. */
export async function startGrpcServer(options: GrpcServerOptions): Promise<GrpcServer> {
  // It writes to standard error by itself, which is for log lines; what matters comes as an error too.
  setLogVerbosity(logVerbosity.NONE);
  const credentials = serverCredentials(options.tls);
  const server = new NamedServer(keepalive);
  options.register(server);
  const health = new Health(server.names);
  server.addService(health.definition, health.handlers);
  const addresses: string[] = [];
  try {
    for (const address of options.addresses) addresses.push(await bind(server, address, credentials));
  } catch (error) {
    server.forceShutdown();
    throw error;
  }
  options.log.info({ addresses }, 'serving gRPC');
  let stopped: Promise<void> | undefined;
  return {
    addresses,
    setServing: (serving) => health.setServing(serving),
    stop: async () => {
      health.setServing(false);
      stopped ??= shutDown(server);
      await stopped;
    },
  };
}

/** Knows the names of the services that were added, for the health service. */
class NamedServer extends Server {
  readonly names: string[] = [];

  override addService(service: ServiceDefinition, implementation: UntypedServiceImplementation): void {
    super.addService(service, implementation);
    const [method] = Object.values(service);
    const name = method?.path.split('/')[1];
    if (name !== undefined) this.names.push(name);
  }
}

async function bind(server: Server, address: string, credentials: ServerCredentials): Promise<string> {
  const host = /^(.+):\d{1,5}$/.exec(address)?.[1];
  if (host === undefined)
    throw new OrdealError('INVALID_INPUT', `"${address}" is no address to listen on; it has to be host:port`);
  return await new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => {
      if (error === null) resolve(`${host}:${port}`);
      else reject(cannotListen(address, error));
    });
  });
}

function cannotListen(address: string, cause: Error): OrdealError {
  if (!cause.message.includes('EADDRINUSE'))
    return new OrdealError('INVALID_INPUT', `${address} cannot be listened on: ${cause.message}`, { cause });
  return new OrdealError('PORT_TAKEN', `${address} is taken by another process`, { cause });
}

async function shutDown(server: Server): Promise<void> {
  const timer = setTimeout(() => server.forceShutdown(), answerWithinMs);
  try {
    await promisify(server.tryShutdown.bind(server))();
  } finally {
    clearTimeout(timer);
  }
}
