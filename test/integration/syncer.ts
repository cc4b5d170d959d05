import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestContainer } from './injector-bed.ts';

/** So many turns make a median that no single hiccup of the machine moves. */
const turns = 31;

const syncing = `
  const { fsyncSync, openSync, writeSync } = require('node:fs');
  const [file, turns] = process.argv.slice(1);
  const out = openSync(file, 'w');
  const took = [];
  for (let turn = 1; ; turn += 1) {
    const since = performance.now();
    writeSync(out, 'x'.repeat(4096), 0);
    fsyncSync(out);
    took.push(Math.ceil((performance.now() - since) * 1000));
    if (took.length > Number(turns)) took.shift();
    const median = took.toSorted((one, other) => one - other)[Math.floor(took.length / 2)];
    process.title = turn + ' ' + median + ' ';
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
  }`;

/** A process in a container that writes to a file and waits for its disk again and again, and knows nothing of what happens to that. */
export class Syncer {
  readonly pid: number;

  private constructor(pid: number) {
    this.pid = pid;
  }

  static async start(container: TestContainer, file: string): Promise<Syncer> {
    return new Syncer(await container.start([process.execPath, '-e', syncing, file, String(turns)]));
  }

  /** The median time that a write took to be on the disk, of writes that all began after the question. */
  async medianUs(): Promise<number> {
    const { turn } = await this.#read();
    for (;;) {
      const now = await this.#read();
      if (now.turn > turn + turns) return now.medianUs;
      await sleep(5);
    }
  }

  async #read(): Promise<{ turn: number; medianUs: number }> {
    const line = await readFile(`/proc/${this.pid}/cmdline`, 'utf8');
    if (line === '') throw new Error('the syncer has ended');
    const [, turn = '0', medianUs = '0'] = /^(\d+) (\d+) /.exec(line) ?? [];
    return { turn: Number(turn), medianUs: Number(medianUs) };
  }
}
