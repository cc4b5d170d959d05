import type { Machine } from '../../lab/machine/machine.ts';
import { bringProgram } from './guest-program.ts';

/** A byte of a piece of memory that is other than the program left it. */
export interface Changed {
  readonly kind: string;
  readonly offset: number;
  readonly before: number;
  readonly now: number;
}

interface Holding {
  readonly pid: string;
  /** The pid and the start of the process, as a fault takes them. */
  readonly process: string;
  /** Where its pieces of memory are, by the kind of mapping that each is in. */
  readonly at: Readonly<Record<string, bigint>>;
  /** Tells it to look at its memory, and answers what it says. */
  changes(): Promise<Changed[]>;
}

let started = 0;

/** A program in the machine that knows what is in its memory: guest/mappings.c. */
export class GuestMappings {
  readonly #machine: Machine;
  readonly #path: string;

  private constructor(machine: Machine, path: string) {
    this.#machine = machine;
    this.#path = path;
  }

  static async bring(machine: Machine): Promise<GuestMappings> {
    return new GuestMappings(machine, await bringProgram(machine, 'mappings'));
  }

  /** The same under another name, by which it is told from others. */
  async as(name: string): Promise<GuestMappings> {
    const path = `/root/${name}`;
    await this.#machine.demand(['cp', this.#path, path]);
    return new GuestMappings(this.#machine, path);
  }

  /** `by` is what starts it; its pid is that of the namespace of whoever asks. Alone it is one process, which often calls the kernel. */
  async start(by = '', { alone = false } = {}): Promise<Holding> {
    const file = `/root/mappings.${++started}`;
    await this.#machine.demand(`head -c 4096 /dev/zero > ${file}.data`);
    const ended = this.#machine.demand(`${by} ${this.#path} ${alone ? 'alone ' : ''}${file}`);
    ended.catch(() => undefined);
    const found = await this.#machine.demand(`
      until [ -e ${file}.ready ]; do sleep 0.05; done
      grep -v ^pid ${file}.ready; pid=$(pgrep --oldest --full '^${this.#path} (alone )?${file}$')
      echo pid $pid; echo start $(cut -d' ' -f22 /proc/$pid/stat)`);
    const said = Object.fromEntries(rows(found).map(([name = '', value = '']) => [name, BigInt(value)]));
    const { pid = 0n, start = 0n, ...at } = said;
    const changes = async (): Promise<Changed[]> => {
      await this.#machine.demand(alone ? ['touch', `${file}.stop`] : ['kill', String(pid)]);
      return rows(await ended).map(([kind = '', ...numbers]) => {
        const [offset = 0, before = 0, now = 0] = numbers.map(Number);
        return { kind, offset, before, now };
      });
    };
    return { pid: String(pid), process: `${pid} ${start}`, at, changes };
  }
}

function rows(said: string): string[][] {
  return said
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(' '));
}
