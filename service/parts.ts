import type { Log } from './log.ts';
import type { Running } from './running.ts';

/** The parts of a process: each is added as soon as it is there, and they are stopped in the reverse order. */
export class Parts implements Running {
  readonly #log: Log;
  readonly #started: { readonly name: string; readonly stop: () => Promise<void> | void }[] = [];
  #stopped: Promise<void> | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Where `start` fails, what it had added is stopped: nothing of it keeps the process from ending. */
  async start<T>(start: () => Promise<T>): Promise<T> {
    try {
      return await start();
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  add(name: string, stop: () => Promise<void> | void): void {
    this.#started.push({ name, stop });
  }

  /** One that cannot stop does not keep the others from it. */
  async stop(): Promise<void> {
    await (this.#stopped ??= this.#stopAll());
  }

  async #stopAll(): Promise<void> {
    for (let part = this.#started.pop(); part !== undefined; part = this.#started.pop()) {
      try {
        await part.stop();
      } catch (error) {
        this.#log.error({ err: error, part: part.name }, 'a part did not stop');
      }
    }
  }
}
