import { monotonicUs } from '../../clock/monotonic.ts';
import { CounterWatch } from '../cgroup/counter-watch.ts';
import type { Effects } from '../injector.ts';

/** What the kernel has counted for a cgroup in all its life. */
export interface Usage {
  readonly throttledPeriods: number;
  /** Absent where no hierarchy counts it. */
  readonly cpuUs?: number;
}

/** Watches the throttled periods and the CPU time while the fault is active. */
export class UsageWatch {
  readonly #read: () => Promise<Usage | undefined>;
  readonly #base: Usage;
  readonly #throttled: CounterWatch;

  constructor(base: Usage, read: () => Promise<Usage | undefined>) {
    this.#read = read;
    this.#base = base;
    this.#throttled = new CounterWatch(base.throttledPeriods, async () => (await read())?.throttledPeriods);
  }

  stop(): void {
    this.#throttled.stop();
  }

  async effects(askedShare: number): Promise<Effects> {
    const effects = await this.#throttled.effects();
    const usage = await this.#read();
    if (usage === undefined) return { count: 'unknown' };
    const elapsedUs = monotonicUs() - this.#throttled.sinceUs;
    const usedUs = (usage.cpuUs ?? Number.NaN) - (this.#base.cpuUs ?? Number.NaN);
    if (Number.isNaN(usedUs)) return effects;
    return {
      ...effects,
      dose: { unit: 'share of one CPU', asked: askedShare, achieved: usedUs / elapsedUs },
    };
  }
}
