import { readFile } from 'node:fs/promises';
import { monotonicUs } from '../../clock/monotonic.ts';
import { repeat } from '../../clock/pace.ts';
import { Tally } from '../hog/tally.ts';
import type { Effects } from '../injector.ts';

/** What a burner that is killed has used since the last look is lost; so is the instant of its last effect. */
const lookEveryMs = 100;

/** The CPU time that some processes have used. */
export class Burnt {
  readonly #ns: Tally;
  readonly #sinceUs: number;
  readonly #stop: () => void;
  #lastUs: number | undefined;

  constructor(find: () => Promise<readonly number[]>) {
    this.#ns = new Tally(find, cpuNsOf);
    this.#sinceUs = monotonicUs();
    this.#stop = repeat(async () => await this.look(), lookEveryMs);
  }

  stop(): void {
    this.#stop();
  }

  async look(): Promise<void> {
    const before = this.#ns.total;
    if ((await this.#ns.look()) > before) this.#lastUs = monotonicUs();
  }

  effects(askedCpus: number): Effects {
    const usedUs = this.#ns.total / 1000;
    const count = Math.floor(usedUs / 1000);
    const dose = { unit: 'CPUs', asked: askedCpus, achieved: usedUs / (monotonicUs() - this.#sinceUs) };
    if (count === 0 || this.#lastUs === undefined) return { count: 0, dose };
    return { count, firstUs: this.#sinceUs, lastUs: this.#lastUs, dose };
  }
}

/** Undefined where it has ended. */
async function cpuNsOf(pid: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/schedstat`, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : Number(text.split(' ')[0]);
}
