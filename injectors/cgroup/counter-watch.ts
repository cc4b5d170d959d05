import { monotonicUs } from '../../clock/monotonic.ts';
import { repeat } from '../../clock/pace.ts';
import type { Effects } from '../injector.ts';

/** The first and the last step are stamped late by so much at the most (when the agent itself is not held up, and looking is quick), where nothing else is given. */
const usualLookMs = 20;

/** Watches a counter of the kernel's while a fault is active: it says how often something happened, but not when. */
export class CounterWatch {
  readonly sinceUs = monotonicUs();
  readonly #base: number;
  readonly #read: () => Promise<number | undefined>;
  readonly #stop: () => void;
  #last: number;
  #firstUs: number | undefined;
  #lastUs: number | undefined;

  /** `read` answers undefined where the counter is gone. */
  constructor(base: number, read: () => Promise<number | undefined>, lookEveryMs = usualLookMs) {
    this.#base = base;
    this.#last = base;
    this.#read = read;
    // What cannot be read now is read again; the last reading, at the end, tells what is wrong.
    this.#stop = repeat(async () => await this.#look(), lookEveryMs);
  }

  stop(): void {
    this.#stop();
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
