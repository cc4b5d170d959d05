import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { OrdealError } from '../../errors/ordeal-error.ts';

interface ChildOptions {
  readonly name: string;
  readonly argv: readonly string[];
  readonly logFile: string;
  /** Told when the process ended although nobody asked it to, before it is started again. */
  readonly onCrash: (how: string) => void;
}

/** A process that crashed is started again after this pause, so that one that cannot live does not spin. */
const restartAfterMs = 1_000;

/** A process that ends this soon after its first start will not live: then there is no point in trying again. */
const settledAfterMs = 2_000;

/** One of the processes that `ordeal up` keeps alive. The kernel ends it when `ordeal up` itself is killed. */
export class Child {
  readonly name: string;
  readonly #options: ChildOptions;
  #process: ChildProcess | undefined;
  #ended: Promise<string> = Promise.resolve('not started');
  #stopping = false;

  constructor(options: ChildOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** Resolves when the process has lived for a moment; rejects with the end of its log when it has not. */
  async start(): Promise<void> {
    this.#spawn();
    const how = await Promise.race([this.#ended, sleep(settledAfterMs / 4).then(() => undefined)]);
    if (how !== undefined) throw this.#stillborn(how);
    void this.#keepAlive();
  }

  async stop(withinMs: number): Promise<void> {
    this.#stopping = true;
    this.#process?.kill('SIGTERM');
    const late = sleep(withinMs, 'late' as const, { ref: false });
    if ((await Promise.race([this.#ended, late])) === 'late') {
      this.#process?.kill('SIGKILL');
      await this.#ended;
    }
  }

  #spawn(): void {
    const { argv, logFile } = this.#options;
    const log = openSync(logFile, 'a', 0o600);
    // setpriv is execed into the program, so the pid is the program's own.
    const child = spawn('setpriv', ['--pdeathsig', 'TERM', ...argv], {
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    this.#process = child;
    this.#ended = new Promise((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(signal === null ? `exit code ${code}` : signal));
    });
  }

  async #keepAlive(): Promise<void> {
    for (;;) {
      const how = await this.#ended;
      if (this.#isStopping()) return;
      this.#options.onCrash(how);
      await sleep(restartAfterMs);
      if (this.#isStopping()) return;
      this.#spawn();
    }
  }

  #isStopping(): boolean {
    return this.#stopping;
  }

  #stillborn(how: string): OrdealError {
    const tail = readFileSync(this.#options.logFile, 'utf8').trimEnd().split('\n').slice(-5).join('\n');
    return new OrdealError(
      'COMMAND_FAILED',
      `${this.name} did not start (${how}); its log ends with:\n${tail}`,
      {
        remedy: `The whole log is ${this.#options.logFile}.`,
      },
    );
  }
}
