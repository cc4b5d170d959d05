import type { Machine } from '../../lab/machine/machine.ts';

const intervalMs = 200;
let made = 0;

/** What a user saw who sent a ping every 200 ms. */
export interface Pinged {
  /** Pings without an answer that were followed by one with. */
  readonly lost: number;
  /** From the last answer before to the first one behind the longest stretch without any. */
  readonly gapMs: number;
}

/** Pings an address from a machine, one after the other, until it is stopped. */
export class SteadyPing {
  static readonly intervalMs = intervalMs;
  readonly #machine: Machine;
  readonly #log: string;

  private constructor(machine: Machine, log: string) {
    this.#machine = machine;
    this.#log = log;
  }

  /** Resolves when the first answer has come. */
  static async start(machine: Machine, address: string): Promise<SteadyPing> {
    const log = `/tmp/steady-ping-${++made}`;
    await machine.demand(`
      ping -D -n -i ${intervalMs / 1000} ${address} > ${log} 2>&1 < /dev/null & echo $! > ${log}.pid
      until grep -q icmp_seq ${log}; do sleep 0.05; done`);
    return new SteadyPing(machine, log);
  }

  /** Waits for so many more answers. */
  async goesOn(answers = 10): Promise<void> {
    const count = `grep -c icmp_seq ${this.#log}`;
    await this.#machine.demand(
      `wanted=$(($(${count}) + ${answers})); until [ $(${count}) -ge $wanted ]; do sleep 0.05; done`,
    );
  }

  async stop(): Promise<Pinged> {
    const said = await this.#machine.demand(`kill $(cat ${this.#log}.pid); cat ${this.#log}`);
    const answers = [...said.matchAll(/^\[([\d.]+)\] .*icmp_seq=(\d+) .*time=/gm)].map(
      ([, seconds, sequence]) => ({ atMs: Number(seconds) * 1000, sequence: Number(sequence) }),
    );
    const sent = Math.max(...answers.map(({ sequence }) => sequence));
    const gaps = answers.slice(1).map(({ atMs }, before) => atMs - (answers[before]?.atMs ?? atMs));
    return {
      lost: sent - new Set(answers.map(({ sequence }) => sequence)).size,
      gapMs: Math.max(...gaps),
    };
  }
}
