import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../command/run.ts';
import type { Machine } from '../../lab/machine/machine.ts';

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
    const directory = await mkdtemp(join(tmpdir(), 'ordeal-registers-'));
    try {
      const program = join(directory, 'registers');
      const source = join(import.meta.dirname, 'guest/registers.c');
      await run('gcc', ['-O1', '-static', '-no-pie', '-o', program, source], { timeoutMs: 60_000 });
      await machine.writeFile(path, await readFile(program));
    } finally {
      await rm(directory, { recursive: true });
    }
    return new GuestRegisters(machine, Number(await machine.demand(`chmod +x ${path}; ${path} spot`)));
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
