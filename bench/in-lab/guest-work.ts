import type { Machine } from '../../lab/machine/machine.ts';
import { bringProgram } from '../../test/kernel/guest-program.ts';

type Work = 'loops' | 'syscalls';

/** Programs that count what they get done, each on a processor of its own. */
export class GuestWork {
  readonly #machine: Machine;
  readonly #path: string;

  private constructor(machine: Machine, path: string) {
    this.#machine = machine;
    this.#path = path;
  }

  static async bring(machine: Machine): Promise<GuestWork> {
    return new GuestWork(machine, await bringProgram(machine, 'work'));
  }

  /** What is done in a second on each of the processors, in all of them at the same time. */
  async done(work: Work, seconds: number, ...processors: number[]): Promise<number[]> {
    const all = processors.join(' ');
    const said = await this.#machine.demand(
      `
      cd "$(mktemp -d)"
      for processor in ${all}; do taskset -c $processor ${this.#path} ${work} ${seconds} > $processor & done
      wait; cat ${all}`,
      { timeoutMs: (seconds + 60) * 1000 },
    );
    return said.trim().split('\n').map(Number);
  }

  /** The share that a program keeps of the second processor, as one on the first gets on at the same time; 1 is all. */
  async left(seconds: number): Promise<number> {
    const [whole = Number.NaN, victim = Number.NaN] = await this.done('loops', seconds, 0, 1);
    return victim / whole;
  }
}
