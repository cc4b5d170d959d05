import type { EventBody } from '../events/event.ts';
import type { Reporter, Scope } from '../events/reporter.ts';
import type { SampleColumns } from '../events/sample-columns.ts';
import type { Log } from '../service/log.ts';

/**
 * What tasks speak through. Nothing that goes wrong with the telling may change what is done: a fault is reverted whether or not that can be
 * written down, so what cannot be said is logged.
 */
export class Voice {
  readonly #reporter: Reporter;
  readonly #log: Log;

  constructor(reporter: Reporter, log: Log) {
    this.#reporter = reporter;
    this.#log = log;
  }

  /** `monoUs` is the instant that the event tells of, where that is not now. */
  event(scope: Scope, body: EventBody, at?: { readonly monoUs: number }): void {
    this.#try(body.kind, () => this.#reporter.event(scope, body, at));
  }

  samples(scope: Scope, classes: readonly string[], columns: SampleColumns): void {
    this.#try('samples', () => this.#reporter.samples(scope, classes, columns));
  }

  closeAttempt(scope: Scope): void {
    this.#reporter.closeAttempt(scope);
  }

  #try(kind: string, say: () => void): void {
    try {
      say();
    } catch (error) {
      this.#log.error({ kind, err: error }, 'something could not be said');
    }
  }
}
