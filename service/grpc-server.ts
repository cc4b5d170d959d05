import type { Server, ServerCredentials } from '@grpc/grpc-js';
import { OrdealError } from '../errors/ordeal-error.ts';
import type { Log } from './log.ts';
import type { Running } from './running.ts';

export interface GrpcServerOptions {
  /** host:port each; port 0 takes a free one. */
  readonly addresses: readonly string[];
  readonly credentials: ServerCredentials;
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

export async function startGrpcServer(_options: GrpcServerOptions): Promise<GrpcServer> {
  return await Promise.reject(new OrdealError('INTERNAL', 'not built yet'));
}
