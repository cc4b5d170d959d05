import { setInterval, clearInterval } from 'node:timers';
import { monotonicUs } from '../../clock/monotonic.ts';
import type { Effects } from '../injector.ts';

/** What the kernel has counted for a cgroup in all its life. */
export interface Usage {
  readonly throttledPeriods: number;
  /** Absent where no hierarchy counts it. */
  readonly cpuUs?: number;
}

/** The first and the last throttled period are stamped late by so much at the most (when the agent itself is not held up). */
const sampleEveryMs = 20;

/** Watches the counters while the fault is active: the kernel says how often it throttled, but not when. */
export class UsageWatch {
  readonly #read: () => Promise<Usage | undefined>;
  readonly #sinceUs: number;
  readonly #base: Usage;
  readonly #timer: NodeJS.Timeout;
  #lastSeen: number;
  #firstUs: number | undefined;
  #lastUs: number | undefined;

  constructor(base: Usage, read: () => Promise<Usage | undefined>) {
    this.#read = read;
    this.#base = base;
    this.#lastSeen = base.throttledPeriods;
    this.#sinceUs = monotonicUs();
    // What cannot be read now is read again; the last reading, at the end, tells what is wrong.
    this.#timer = setInterval(() => void this.#sample().catch(() => undefined), sampleEveryMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async effects(askedShare: number): Promise<Effects> {
    const usage = await this.#sample();
    if (usage === undefined) return { count: 'unknown' };
    const count = usage.throttledPeriods - this.#base.throttledPeriods;
    const elapsedUs = monotonicUs() - this.#sinceUs;
    const usedUs = (usage.cpuUs ?? Number.NaN) - (this.#base.cpuUs ?? Number.NaN);
    return {
      count,
      ...(this.#firstUs === undefined ? {} : { firstUs: this.#firstUs }),
      ...(this.#lastUs === undefined ? {} : { lastUs: this.#lastUs }),
      ...(Number.isNaN(usedUs)
        ? {}
        : { dose: { unit: 'share of one CPU', asked: askedShare, achieved: usedUs / elapsedUs } }),
    };
  }

  async #sample(): Promise<Usage | undefined> {
    const usage = await this.#read();
    if (usage !== undefined && usage.throttledPeriods > this.#lastSeen) {
      this.#lastSeen = usage.throttledPeriods;
      this.#lastUs = monotonicUs();
      this.#firstUs ??= this.#lastUs;
    }
    return usage;
  }
}
