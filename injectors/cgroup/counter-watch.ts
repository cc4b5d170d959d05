import { clearTimeout, setTimeout } from 'node:timers';
import { monotonicUs } from '../../clock/monotonic.ts';
import type { Effects } from '../injector.ts';

/** The first and the last step are stamped late by so much at the most (when the agent itself is not held up), where nothing else is given. */
const usualLookMs = 20;

/** Watches a counter of the kernel's while a fault is active: it says how often something happened, but not when. */
export class CounterWatch {
  readonly sinceUs = monotonicUs();
  readonly #base: number;
  readonly #read: () => Promise<number | undefined>;
  readonly #lookEveryMs: number;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #last: number;
  #firstUs: number | undefined;
  #lastUs: number | undefined;

  /** `read` answers undefined where the counter is gone. */
  constructor(base: number, read: () => Promise<number | undefined>, lookEveryMs = usualLookMs) {
    this.#base = base;
    this.#last = base;
    this.#read = read;
    this.#lookEveryMs = lookEveryMs;
    this.#lookIn(lookEveryMs);
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async effects(): Promise<Effects> {
    const value = await this.#look();
    if (value === undefined) return { count: 'unknown' };
    return {
      count: value - this.#base,
      ...(this.#firstUs === undefined ? {} : { firstUs: this.#firstUs }),
      ...(this.#lastUs === undefined ? {} : { lastUs: this.#lastUs }),
    };
  }

  /** The next look waits for this one, and as long as it took: where to look is slow, looks would pile up and slow it more. */
  #lookIn(ms: number): void {
    this.#timer = setTimeout(() => {
      const beganUs = monotonicUs();
      void this.#look()
        // What cannot be read now is read again; the last reading, at the end, tells what is wrong.
        .catch(() => undefined)
        .finally(() => {
          if (!this.#isStopped) this.#lookIn(Math.max(this.#lookEveryMs, (monotonicUs() - beganUs) / 1000));
        });
    }, ms).unref();
  }

  async #look(): Promise<number | undefined> {
    const value = await this.#read();
    if (value !== undefined && value > this.#last) {
      this.#last = value;
      this.#lastUs = monotonicUs();
      this.#firstUs ??= this.#lastUs;
    }
    return value;
  }
}
