import { OrdealError } from '../errors/ordeal-error.ts';
import type { Log } from './log.ts';
import type { Running } from './running.ts';

export interface ShutdownOptions {
  readonly log: Log;
  /** Stopped in this order, each when the one before has ended. */
  readonly running: readonly (Running & { readonly name: string })[];
  readonly deadlineMs?: number;
}

/** Ends this process, once and orderly, on SIGTERM or SIGINT. */
export function shutdownOnSignals(_options: ShutdownOptions): void {
  throw new OrdealError('INTERNAL', 'not built yet');
}
