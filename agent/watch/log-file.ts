import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicUs } from '../../clock/monotonic.ts';
import { OpenLog, identityOf } from './open-log.ts';
import type { Ear, Source } from './source.ts';

const lookEveryMs = 100;
/** Who was told to open its log anew may write to the old file for so long. */
const rotatedForUs = 10_000_000;

/** A log file, by its path: whichever file is there, and the one that was there before for as long as somebody writes to it. */
export class LogFile implements Source {
  readonly of = 'log';
  readonly #path: string;
  /** The last one is the one at the path. */
  #open: readonly OpenLog[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  async follow(ear: Ear, signal: AbortSignal): Promise<void> {
    const isOver = (): boolean => signal.aborted;
    try {
      const first = await OpenLog.open(this.#path, ear);
      if (first !== undefined) this.#open = [first];
      await first?.skipToEnd();
      ear.ready();
      while (!isOver()) {
        await this.#look(ear);
        await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
      }
      await this.#look(ear);
      for (const log of this.#open) log.end();
    } finally {
      for (const log of this.#open) await log.close();
      this.#open = [];
    }
  }

  async #look(ear: Ear): Promise<void> {
    for (const log of this.#open) await log.read();
    const there = await identityOf(this.#path);
    if (there !== undefined && there !== this.#open.at(-1)?.identity) await this.#turnTo(there, ear);
    const oldUs = monotonicUs() - rotatedForUs;
    for (const log of this.#open.slice(0, -1)) {
      if (log.grewUs > oldUs) continue;
      this.#open = this.#open.filter((other) => other !== log);
      log.end();
      await log.close();
    }
  }

  /** Another file is at the path: a new one, or one that was moved away and back. */
  async #turnTo(identity: string, ear: Ear): Promise<void> {
    const known = this.#open.find((log) => log.identity === identity);
    const log = known ?? (await OpenLog.open(this.#path, ear));
    // It may be gone again, and may be another one than was there a moment ago: the next look sees that.
    if (log === undefined) return;
    this.#open = [...this.#open.filter((other) => other !== log), log];
    await log.read();
  }
}
