import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ear, Source, Stamp } from './source.ts';

const patienceMs = 20_000;

/** What tests hear of a source. */
export class Heard implements Ear {
  readonly lines: string[] = [];
  readonly stamps: (Stamp | undefined)[] = [];
  losses = 0;
  #isReady = false;

  ready(): void {
    this.#isReady = true;
  }

  line(bytes: Uint8Array, stamp?: Stamp): void {
    this.lines.push(Buffer.from(bytes).toString());
    this.stamps.push(stamp);
  }

  lost(lines: number): void {
    this.losses += lines;
  }

  /** Follows while `act` goes on; afterwards everything that was to be heard has been. */
  static async during(source: Source, act: (heard: Heard) => Promise<void>): Promise<Heard> {
    const heard = new Heard();
    const ending = new AbortController();
    const following = source.follow(heard, ending.signal);
    const failed = following.then(() =>
      assert.ok(ending.signal.aborted, 'it follows until it is told to end'),
    );
    const acting = heard.until(() => heard.#isReady, 'it is ready').then(async () => await act(heard));
    try {
      await Promise.race([Promise.all([failed, acting]), acting]);
    } finally {
      ending.abort();
      await following;
    }
    return heard;
  }

  async until(condition: () => boolean, what: string): Promise<void> {
    for (const giveUpAt = Date.now() + patienceMs; !condition();) {
      assert.ok(
        Date.now() < giveUpAt,
        `not within ${patienceMs / 1000} s: ${what}; heard: ${this.lines.join('|')}`,
      );
      await sleep(5);
    }
  }

  async untilLine(line: string): Promise<void> {
    await this.until(() => this.lines.includes(line), `the line "${line}"`);
  }
}
