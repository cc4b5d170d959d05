import { monotonicUs } from '../clock/monotonic.ts';
import type { EventBody } from '../events/event.ts';
import type { Instant, Reporter, Scope } from '../events/reporter.ts';
import type { SampleColumns } from '../events/sample-columns.ts';
import type { Log } from '../service/log.ts';

type Speech = (reporter: Pick<Reporter, 'event' | 'samples' | 'closeAttempt'>) => void;

/**
 * What tasks speak through. Nothing that goes wrong with the telling may change what is done: a fault is reverted whether or not that can be
 * written down, so what cannot be said is logged, and what is said before there is a reporter waits for it.
 */
export class Voice {
  readonly #log: Log;
  readonly #waiting: (() => void)[] = [];
  #reporter: Parameters<Speech>[0] | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  /** From here on, and with what was said before. */
  speakThrough(reporter: Parameters<Speech>[0]): void {
    this.#reporter = reporter;
    for (const say of this.#waiting.splice(0)) say();
  }

  /** `monoUs` is the instant that the event tells of, where that is not now. */
  event(scope: Scope, body: EventBody, at: Instant = { monoUs: monotonicUs() }): void {
    this.#say(body.kind, (reporter) => reporter.event(scope, body, at));
  }

  samples(scope: Scope, classes: readonly string[], columns: SampleColumns): void {
    this.#say('samples', (reporter) => reporter.samples(scope, classes, columns));
  }

  closeAttempt(scope: Scope): void {
    this.#say('producer.closed', (reporter) => reporter.closeAttempt(scope));
  }

  #say(kind: string, speech: Speech): void {
    const reporter = this.#reporter;
    if (reporter === undefined) {
      this.#waiting.push(() => this.#say(kind, speech));
      return;
    }
    try {
      speech(reporter);
    } catch (error) {
      this.#log.error({ kind, err: error }, 'something could not be said');
    }
  }
}
