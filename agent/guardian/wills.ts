import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Will } from '../../injectors/will.ts';
import { readBootId } from '../../procfs/identity.ts';
import { writeDurably } from '../../service/durable-file.ts';
import type { Log } from '../../service/log.ts';
import type { Guardian } from './guardian.ts';
import type { Line } from './line.ts';
import { formatWill } from './will-text.ts';

const suffix = '.will';

/**
 * The wills of this agent: on disk for a guardian that is started later, and told to the one that is there. The file is read by the guardian
 * only when it is told of it, or when it starts.
 */
export class Wills implements Guardian {
  readonly #directory: string;
  readonly #bootId: string;
  readonly #line: Pick<Line, 'ask'>;
  readonly #log: Pick<Log, 'error'>;

  private constructor(directory: string, bootId: string, line: Pick<Line, 'ask'>, log: Pick<Log, 'error'>) {
    this.#directory = directory;
    this.#bootId = bootId;
    this.#line = line;
    this.#log = log;
  }

  static async open(
    stateDirectory: string,
    line: Pick<Line, 'ask'>,
    log: Pick<Log, 'error'>,
  ): Promise<Wills> {
    const directory = join(stateDirectory, 'wills');
    await mkdir(directory, { recursive: true, mode: 0o700 });
    return new Wills(directory, await readBootId(), line, log);
  }

  async leave(id: string, deadlineUs: number, will: Will): Promise<void> {
    const text = formatWill({ id, bootId: this.#bootId, deadlineUs }, will);
    await writeDurably(this.#pathOf(id), text);
    const answer = await this.#line.ask(`take ${id}`);
    if (answer === `taken ${id}`) return;
    throw new OrdealError('INTERNAL', `the guardian does not take the will of ${id}: it says "${answer}"`, {
      remedy: `It has to be started with --wills ${this.#directory}.`,
    });
  }

  async withdraw(id: string): Promise<number | undefined> {
    let endedUs: number | undefined;
    try {
      const [said, about, instant] = (await this.#line.ask(`withdraw ${id}`)).split(' ');
      if (said === 'ended' && about === id) endedUs = Number(instant);
      await rm(this.#pathOf(id), { force: true });
    } catch (error) {
      // The fault is gone all the same; who comes next finds nothing to end.
      this.#log.error({ injection: id, err: error }, 'a will was not taken back');
    }
    return endedUs;
  }

  /** Of injections that are over: their agent died before it had taken the will back. */
  async withdrawAllBut(ids: ReadonlySet<string>): Promise<void> {
    for (const name of await readdir(this.#directory)) {
      const id = name.slice(0, -suffix.length);
      if (name.endsWith(suffix) && !name.startsWith('.') && !ids.has(id)) await this.withdraw(id);
    }
  }

  #pathOf(id: string): string {
    return join(this.#directory, `${id}${suffix}`);
  }
}
