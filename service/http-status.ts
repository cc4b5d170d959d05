import type { Registry } from 'prom-client';
import { OrdealError } from '../errors/ordeal-error.ts';
import type { Running } from './running.ts';

export interface HttpStatusOptions {
  /** host:port, loopback only; port 0 takes a free one. */
  readonly address: string;
  readonly registry: Registry;
  /** Undefined where all is well; else what is not, for the answer 503. */
  readonly unhealthy: () => string | undefined;
}

export interface HttpStatus extends Running {
  readonly address: string;
}

/** Serves /metrics (the registry and the default metrics of a process) and /healthz. */
export async function startHttpStatus(_options: HttpStatusOptions): Promise<HttpStatus> {
  return await Promise.reject(new OrdealError('INTERNAL', 'not built yet'));
}
