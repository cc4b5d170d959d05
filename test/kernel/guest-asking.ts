import type { Machine } from '../../lab/machine/machine.ts';
import { bringProgram } from './guest-program.ts';

export interface Waiting {
  readonly pid: string;
  /** The pid and the start of the process, as a fault takes them. */
  readonly process: string;
  /** Lets it go on; what it says then. */
  go(): Promise<string>;
}

let started = 0;

/** A program in the machine that says what becomes of its memory: guest/memory.c. It does what it is started for when it is let go. */
export class GuestAsking {
  readonly #machine: Machine;
  readonly #path: string;

  private constructor(machine: Machine, path: string) {
    this.#machine = machine;
    this.#path = path;
  }

  static async bring(machine: Machine): Promise<GuestAsking> {
    return new GuestAsking(machine, await bringProgram(machine, 'memory'));
  }

  /** The same under another name, by which it is told from others. */
  async as(name: string): Promise<GuestAsking> {
    const path = `/root/${name}`;
    await this.#machine.demand(['cp', this.#path, path]);
    return new GuestAsking(this.#machine, path);
  }

  /** `by` is what starts it; its pid is that of the namespace of whoever asks. */
  async start(what: string, { argument = '', by = '' } = {}): Promise<Waiting> {
    const file = `/root/asking.${++started}`;
    // In the background of the machine: to ask after each would keep an emulated one busy.
    const found = await this.#machine.demand(`
      (${by} ${this.#path} ${what} ${file} ${argument}; echo $? > ${file}.code) > ${file}.said 2>&1 < /dev/null &
      until [ -e ${file}.pid ]; do sleep 0.05; done
      pid=$(pgrep --oldest --full '^${this.#path} ${what} ${file}')
      echo $pid; cut -d' ' -f22 /proc/$pid/stat`);
    const [pid = '', start = ''] = found.trim().split('\n');
    const go = async (): Promise<string> => {
      const said = await this.#machine.demand(`
        touch ${file}.go; until [ -s ${file}.code ]; do sleep 0.05; done
        cat ${file}.said; exit $(cat ${file}.code)`);
      return said.trim();
    };
    return { pid, process: `${pid} ${start}`, go };
  }
}
