import { OrdealError } from '../errors/ordeal-error.ts';
import type { Bus } from './bus.ts';
import type { EventBody } from './event.ts';
import type { Log } from './log.ts';
import type { SampleColumns } from './sample-columns.ts';

/** What an event or a batch of samples belongs to: nothing, a campaign, or an attempt at a trial. */
export interface Scope {
  readonly campaign?: string;
  readonly trial?: string;
  readonly attempt?: number;
}

export interface ReporterOptions {
  readonly producer: string;
  readonly host: string;
  /** Where the spool is; no two processes may share one. */
  readonly directory: string;
  readonly bus: Bus | Promise<Bus>;
  readonly log: Log;
}

export class Reporter {
  static async open(_options: ReporterOptions): Promise<Reporter> {
    return await Promise.resolve(new Reporter());
  }

  event(_scope: Scope, _body: EventBody, _at?: { readonly monoUs: number }): void {
    throw new OrdealError('INTERNAL', 'not built yet');
  }

  samples(_scope: Scope, _classes: readonly string[], _columns: SampleColumns): void {
    throw new OrdealError('INTERNAL', 'not built yet');
  }

  closeAttempt(_scope: Scope): void {
    throw new OrdealError('INTERNAL', 'not built yet');
  }

  get pending(): number {
    return 0;
  }

  async drained(): Promise<void> {
    await Promise.resolve();
  }

  async end(): Promise<void> {
    await Promise.resolve();
  }
}
