import { spawn } from 'node:child_process';
import { open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { searchPath } from '../../command/run.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { systemCode } from '../../errors/system-code.ts';
import {
  identify,
  isAlive,
  processIdentitySchema,
  readBootId,
  type ProcessIdentity,
} from '../../procfs/identity.ts';

interface Start {
  readonly argv: readonly string[];
  readonly log: string;
  /** Where its identity is kept. */
  readonly file: string;
  readonly endsWithItsStarter?: boolean;
}

const pollMs = 50;

/**
 * A process of the lab, which outlives the command that started it: known by a file that names it with its start time and its boot, so that
 * nothing is ever done to a process that only has the same number.
 */
export class DetachedProcess {
  readonly #file: string;
  readonly #identity: ProcessIdentity;

  private constructor(file: string, identity: ProcessIdentity) {
    this.#file = file;
    this.#identity = identity;
  }

  static async start({ argv, log, file, endsWithItsStarter = false }: Start): Promise<DetachedProcess> {
    // setpriv becomes the program, so the pid is the program's own.
    const tied = endsWithItsStarter ? ['setpriv', '--pdeathsig', 'KILL'] : [];
    const [program = '', ...args] = [...tied, ...argv];
    const output = await open(log, 'a', 0o600);
    try {
      const child = spawn(program, args, {
        // Nobody's folder is kept busy but that of the program itself.
        cwd: import.meta.dirname,
        detached: true,
        env: { ...process.env, PATH: searchPath },
        stdio: ['ignore', output.fd, output.fd],
      });
      const failed = new Promise<Error>((resolve) => child.once('error', resolve));
      child.unref();
      if (child.pid === undefined) throw await failed;
      const identity = await identify(child.pid);
      if (identity === undefined) {
        const said = (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-5).join('\n');
        throw new OrdealError(
          'COMMAND_FAILED',
          `"${argv.join(' ')}" did not start; its log ${log} ends with:\n${said}`,
        );
      }
      await writeFile(`${file}.new`, `${JSON.stringify(identity)}\n`);
      await rename(`${file}.new`, file);
      return new DetachedProcess(file, identity);
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
      throw new OrdealError('MISSING_PROGRAM', `the program "${program}" was not found`, { cause: error });
    } finally {
      await output.close();
    }
  }

  /** The one that was started earlier and whose end nobody has noted; it need not be alive. */
  static async known(file: string): Promise<DetachedProcess | undefined> {
    try {
      const identity = processIdentitySchema.parse(JSON.parse(await readFile(file, 'utf8')));
      return new DetachedProcess(file, identity);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw new OrdealError('INVALID_INPUT', `${file} is damaged: it is not what Ordeal wrote`, {
        cause: error,
      });
    }
  }

  get pid(): number {
    return this.#identity.pid;
  }

  async isAlive(): Promise<boolean> {
    return await isAlive(this.#identity);
  }

  /** What an earlier boot has started, ended with that. */
  async isOfThisBoot(): Promise<boolean> {
    return this.#identity.bootId === (await readBootId());
  }

  async signal(signal: NodeJS.Signals): Promise<void> {
    if (await this.isAlive()) process.kill(this.pid, signal);
  }

  /** Resolves to true when it has ended, to false when that takes longer. */
  async hasEnded(withinMs: number): Promise<boolean> {
    const giveUpAt = Date.now() + withinMs;
    while (await this.isAlive()) {
      if (Date.now() > giveUpAt) return false;
      await sleep(pollMs);
    }
    return true;
  }

  /** That it ended was wanted, or has been told. */
  async forget(): Promise<void> {
    await rm(this.#file, { force: true });
  }
}
