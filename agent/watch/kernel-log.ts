import { randomBytes } from 'node:crypto';
import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicUs } from '../../clock/monotonic.ts';
import { systemCode } from '../../errors/system-code.ts';
import { isOwnLine, kernelRecordIn, type KernelRecord } from './kernel-record.ts';
import type { Ear, Source, Stamp } from './source.ts';

const lookEveryMs = 100;
/** A read takes a record whole or fails: more than any has. */
const recordBytes = 16 * 1024;
/** So many are read before others get their turn. */
const recordsAtATime = 500;
/** Two clocks that are not corrected alike part by up to so much of the time between them. */
const driftPerUs = 100e-6;

interface Difference {
  /** Monotonic clock = clock of the log + this. */
  readonly us: number;
  readonly errorUs: number;
  readonly atUs: number;
}

/** The log of the kernel. The difference of its clock to the monotonic one is found by a line of our own, where one may be written. */
export class KernelLog implements Source {
  readonly of = 'kernel';
  readonly #path: string;
  readonly #record = Buffer.alloc(recordBytes);
  #last: number | undefined;
  #mark: { readonly text: string; readonly fromUs: number; readonly toUs: number } | undefined;
  #difference: Difference | undefined;

  constructor(path = '/dev/kmsg') {
    this.#path = path;
  }

  async follow(ear: Ear, signal: AbortSignal): Promise<void> {
    const file = openSync(this.#path, constants.O_RDONLY | constants.O_NONBLOCK);
    const isOver = (): boolean => signal.aborted;
    try {
      while (this.#take(file, () => undefined)) await yieldToOthers();
      this.#writeMark();
      ear.ready();
      const hand = (record: KernelRecord, lost: number): void => this.#hand(ear, record, lost);
      while (!isOver()) {
        while (this.#take(file, hand) && !isOver()) await yieldToOthers();
        await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
      }
      this.#take(file, hand);
    } finally {
      closeSync(file);
    }
  }

  /** True where there may be more. */
  #take(file: number, hand: (record: KernelRecord, lost: number) => void): boolean {
    for (let count = 0; count < recordsAtATime; count += 1) {
      const bytes = this.#read(file);
      if (bytes === 'none') return false;
      if (bytes === 'overrun') continue;
      const record = kernelRecordIn(bytes);
      if (record === undefined) continue;
      const lost = this.#last === undefined ? 0 : record.sequence - this.#last - 1;
      this.#last = record.sequence;
      hand(record, lost);
    }
    return true;
  }

  #read(file: number): Uint8Array | 'none' | 'overrun' {
    try {
      return this.#record.subarray(0, readSync(file, this.#record));
    } catch (error) {
      if (systemCode(error) === 'EAGAIN') return 'none';
      // What was to be read next has been overwritten; the sequence numbers tell how much.
      if (systemCode(error) === 'EPIPE') return 'overrun';
      throw error;
    }
  }

  #hand(ear: Ear, { stampUs, text }: KernelRecord, lost: number): void {
    if (lost > 0) ear.lost(lost);
    if (this.#mark !== undefined && text === this.#mark.text) {
      const { fromUs, toUs } = this.#mark;
      this.#difference = { us: fromUs - stampUs, errorUs: toUs - fromUs, atUs: fromUs };
    }
    if (isOwnLine(text)) return;
    ear.line(Buffer.from(text), this.#stamp(stampUs));
  }

  /** Where the clocks could not be compared, it says nothing. */
  #stamp(stampUs: number): Stamp | undefined {
    if (this.#difference === undefined) return undefined;
    const { us, errorUs, atUs } = this.#difference;
    const sinceUs = Math.abs(stampUs + us - atUs);
    return { monoUs: stampUs + us, resolutionUs: Math.ceil(errorUs + sinceUs * driftPerUs) };
  }

  #writeMark(): void {
    const text = `ordeal: a watch of this log begins (${randomBytes(4).toString('hex')})`;
    try {
      const file = openSync(this.#path, constants.O_WRONLY);
      try {
        const fromUs = monotonicUs();
        // As a message for those who debug: it is shown on no console.
        writeSync(file, `<7>${text}\n`);
        this.#mark = { text, fromUs, toUs: monotonicUs() };
      } finally {
        closeSync(file);
      }
    } catch {
      // Not every kernel lets anyone write here.
    }
  }
}

async function yieldToOthers(): Promise<void> {
  await sleep(0);
}
