import { constants } from 'node:fs';
import { type FileHandle, open, stat, statfs } from 'node:fs/promises';
import { monotonicUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { systemCode } from '../../errors/system-code.ts';
import { LineSplitter } from './line-splitter.ts';
import type { Ear } from './source.ts';

const chunkBytes = 64 * 1024;
const newline = 0x0a;
/** Of proc, sysfs, debugfs and tracefs: what is read there has no size and no end, so nothing would ever seem to be new. */
const withoutSizes: readonly number[] = [0x9fa0, 0x62656572, 0x64626720, 0x74726163];

/** One file, held open, so that it is the same one whatever its path becomes. */
export class OpenLog {
  /** No other file has the same for as long as this one is open. */
  readonly identity: string;
  readonly #file: FileHandle;
  readonly #lines: LineSplitter;
  readonly #chunk = Buffer.alloc(chunkBytes);
  #position = 0;
  #grewUs = monotonicUs();

  private constructor(identity: string, file: FileHandle, lines: LineSplitter) {
    this.identity = identity;
    this.#file = file;
    this.#lines = lines;
  }

  /** Undefined where there is none. */
  static async open(path: string, ear: Ear): Promise<OpenLog | undefined> {
    // Opening a device may do something.
    if ((await identityOf(path)) === undefined) return undefined;
    await refuseWithoutSize(path);
    // A pipe that has come there meanwhile would not open before somebody writes to it.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(ifMissing);
    if (file === undefined) return undefined;
    const found = await file.stat();
    if (!found.isFile()) {
      await file.close();
      throw noFile(path);
    }
    const { dev, ino } = found;
    const lines = new LineSplitter(
      (bytes) => ear.line(bytes),
      () => ear.lost(1),
    );
    return new OpenLog(`${dev}:${ino}`, file, lines);
  }

  /** When it last had something new. */
  get grewUs(): number {
    return this.#grewUs;
  }

  /** What is in it already is not read, nor the rest of a line of which a part is. */
  async skipToEnd(): Promise<void> {
    const { size } = await this.#file.stat();
    this.#position = size;
    if (size === 0) return;
    await this.#file.read(this.#chunk, 0, 1, size - 1);
    if (this.#chunk[0] !== newline) this.#lines.skipLine();
  }

  /** Up to its present end, which moves no further meanwhile however fast it is written. */
  async read(): Promise<void> {
    const { size } = await this.#file.stat();
    if (size < this.#position) {
      // Somebody cut it off, to write it from its beginning.
      this.#position = 0;
      this.#lines.forget();
    }
    while (this.#position < size) {
      const length = Math.min(chunkBytes, size - this.#position);
      const { bytesRead } = await this.#file.read(this.#chunk, 0, length, this.#position);
      if (bytesRead === 0) return;
      this.#lines.push(this.#chunk.subarray(0, bytesRead));
      this.#position += bytesRead;
      this.#grewUs = monotonicUs();
    }
  }

  /** Nothing more is read: what is there of the last line is handed over. */
  end(): void {
    this.#lines.end();
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** Undefined where there is no file. */
export async function identityOf(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(ifMissing);
  if (found === undefined) return undefined;
  if (!found.isFile()) throw noFile(path);
  return `${found.dev}:${found.ino}`;
}

async function refuseWithoutSize(path: string): Promise<void> {
  const found = await statfs(path).catch(ifMissing);
  if (found === undefined || !withoutSizes.includes(found.type)) return;
  throw new OrdealError('INVALID_INPUT', `${path} cannot be watched: the kernel makes it when it is read`, {
    remedy: 'Watch the kernel log as such, or what a command prints that reads the file.',
  });
}

function noFile(path: string): OrdealError {
  return new OrdealError('INVALID_INPUT', `${path} cannot be watched: it is not a file`);
}

function ifMissing(error: unknown): undefined {
  if (systemCode(error) !== 'ENOENT') throw error;
}
