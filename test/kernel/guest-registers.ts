import type { Machine } from '../../lab/machine/machine.ts';
import { bringProgram } from './guest-program.ts';

/** Which bits of which register are other than the program left them: a mask by the register's name. */
export type Changes = Readonly<Record<string, bigint>>;

interface Running {
  readonly pid: string;
  /** The pid and the start of the process, as a fault takes them. */
  readonly process: string;
  /** Tells it to look at its registers, and answers what it says; the code it ended with, where it says nothing. */
  changes(): Promise<Changes | number>;
}

const path = '/root/registers';
let started = 0;

/** A program in the machine that knows what is in its registers: guest/registers.c, compiled here. */
export class GuestRegisters {
  static readonly path = path;
  /** Where in its file the instruction is before which all registers are filled, and after which they are looked at. */
  readonly spot: number;
  readonly #machine: Machine;

  private constructor(machine: Machine, spot: number) {
    this.#machine = machine;
    this.spot = spot;
  }

  static async bring(machine: Machine): Promise<GuestRegisters> {
    await bringProgram(machine, 'registers');
    return new GuestRegisters(machine, Number(await machine.demand([path, 'spot'])));
  }

  /** Executes the instruction at the spot once. */
  async nop(): Promise<Changes> {
    return changesOf(await this.#machine.demand([path, 'nop']));
  }

  /** Goes round in a loop until it is told to stop, in which it calls the kernel or not; `by` is what starts it. */
  async start(how: 'spin' | 'syscall', by = ''): Promise<Running> {
    const file = `/root/registers.${++started}`;
    const ended = this.#machine.run(`${by} ${path} ${how} ${file}.stop & wait $!`);
    ended.catch(() => undefined);
    const found = await this.#machine.demand(`
      until pid=$(pgrep --oldest --full '^${path} ${how} ${file}.stop'); do sleep 0.05; done
      echo $pid; cut -d' ' -f22 /proc/$pid/stat`);
    const [pid = '', start = ''] = found.trim().split('\n');
    const changes = async () => {
      await this.#machine.demand(`touch ${file}.stop`);
      const { code, stdout } = await ended;
      return code === 0 ? changesOf(stdout) : code;
    };
    return { pid, process: `${pid} ${start}`, changes };
  }
}

function changesOf(said: string): Changes {
  if (said.trim() === 'right') return {};
  const pairs = said
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  return Object.fromEntries(pairs.map(([name = '', mask = '']) => [name, BigInt(mask)]));
}
