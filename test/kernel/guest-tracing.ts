import type { Machine } from '../../lab/machine/machine.ts';

const tracing = '/sys/kernel/tracing';
let begun = 0;

/** Somebody who traces the machine as its administrator would: an instance of the kernel's own tracing, of one process. */
export class GuestTracing {
  readonly #machine: Machine;
  readonly #instance: string;
  readonly #event: string;

  private constructor(machine: Machine, event: string) {
    this.#machine = machine;
    this.#instance = `${tracing}/instances/${++begun}`;
    this.#event = `${this.#instance}/events/${event}`;
  }

  /** `event` is as the kernel has it: raw_syscalls/sys_enter. */
  static async begin(machine: Machine, event: string, pid: string): Promise<GuestTracing> {
    const own = new GuestTracing(machine, event);
    await demandTracing(machine);
    await machine.demand(`
      mkdir ${own.#instance} && echo 'common_pid == ${pid}' > ${own.#event}/filter && echo 1 > ${own.#event}/enable`);
    return own;
  }

  /** The same for each call of a function, of the kernel or a module. */
  static async ofFunction(machine: Machine, symbol: string, pid: string): Promise<GuestTracing> {
    await demandTracing(machine);
    await machine.demand(`echo 'p:test/called ${symbol}' > ${tracing}/kprobe_events`);
    return await GuestTracing.begin(machine, 'test/called', pid);
  }

  /** Whether it hears of anything from now on, within a second. */
  async hears(): Promise<boolean> {
    const { code } = await this.#machine.run(`
      echo > ${this.#instance}/trace
      for turn in 1 2 3 4 5 6 7 8 9 10; do sleep 0.1; grep -qv '^#' ${this.#instance}/trace && exit; done
      exit 1`);
    return code === 0;
  }

  async end(): Promise<void> {
    await this.#machine.demand(`
      echo 0 > ${this.#event}/enable && rmdir ${this.#instance} && echo > ${tracing}/kprobe_events`);
  }
}

async function demandTracing(machine: Machine): Promise<void> {
  await machine.demand(`mountpoint -q ${tracing} || mount -t tracefs none ${tracing}`);
}
