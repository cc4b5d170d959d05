import {
  close,
  closeSync,
  fdatasync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { lockDirectory, type DirectoryLock } from '../command/lock.ts';
import { OrdealError } from '../errors/ordeal-error.ts';
import { Cursor } from './cursor.ts';
import type { Log } from './log.ts';
import { decodeRecord, encodeRecord, prefixBytes, recordBytes } from './record.ts';
import type { RecordHeader, SpoolRecord } from './record.ts';
import { loadSegments, segmentPath, unfinishedPath, type Position, type Segment } from './segment.ts';

interface SpoolOptions {
  readonly directory: string;
  readonly log: Log;
  /** Told of every record that an earlier process left, in their order. */
  readonly replay: (header: RecordHeader) => void;
  /** Told, behind all of them, where something that they wrote is lost. */
  readonly lost: () => void;
  /** The record that begins every segment. */
  readonly first: () => SpoolRecord;
}

/** Small enough to be read as a whole on start, large enough that starting one is rare. */
const segmentBytes = 16 * 1024 * 1024;

const syncData = promisify(fdatasync);
const closeFile = promisify(close);

/**
 * A queue on disk. When `append` returns, the record is with the kernel: a kill of the process loses nothing. To the disk it is on its way,
 * without anybody waiting: a loss of power may cost the last instants.
 */
export class Spool {
  readonly #options: SpoolOptions;
  readonly #lock: DirectoryLock;
  readonly #segments: Segment[];
  readonly #cursor: Cursor;
  #pending: number;
  #file = -1;
  #reader: { readonly segment: number; readonly handle: FileHandle } | undefined;
  #wake: (() => void) | undefined;
  #isClosed = false;
  #syncing = false;
  #unsynced = false;
  /** What is done to the disk, one after the other: nothing is removed before what makes it superfluous is safe. */
  #diskWork: Promise<unknown> = Promise.resolve();

  private constructor(options: SpoolOptions, lock: DirectoryLock) {
    this.#options = options;
    this.#lock = lock;
    this.#cursor = new Cursor(options.directory, options.log);
    const { segment, offset } = this.#cursor.position;
    let pending = 0;
    let cuts = 0;
    const replay = (header: RecordHeader, at: Position): void => {
      options.replay(header);
      const published = at.segment < segment || (at.segment === segment && at.offset < offset);
      if (header.kind === 'message' && !published) pending += 1;
    };
    this.#segments = loadSegments(options.directory, options.log, replay, () => (cuts += 1));
    if (cuts > 0) options.lost();
    this.#pending = pending;
    this.#startSegment();
    this.#cursor.move(this.#normal(this.#cursor.position));
    this.#removePublished();
  }

  static async open(options: SpoolOptions): Promise<Spool> {
    const { directory } = options;
    let lock: DirectoryLock | undefined;
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      lock = await lockDirectory(directory);
      if (lock !== undefined) return new Spool(options, lock);
    } catch (cause) {
      await lock?.release();
      throw new OrdealError(
        'INVALID_INPUT',
        `the spool directory ${directory} cannot be used: ${OrdealError.from(cause).message}`,
        { cause, remedy: 'Name a directory that this process may write to, on a disk that works.' },
      );
    }
    throw new OrdealError('ALREADY_EXISTS', `another process uses the spool directory ${directory}`);
  }

  /** Messages that `advance` has not yet passed. */
  get pending(): number {
    return this.#pending;
  }

  get bytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.bytes, 0);
  }

  /** Where the first record is that `advance` has not passed. */
  get position(): Position {
    return this.#cursor.position;
  }

  append(record: SpoolRecord): void {
    if (this.#current.bytes >= segmentBytes) this.#startSegmentIfPossible();
    const current = this.#current;
    const bytes = encodeRecord(record);
    try {
      write(this.#file, bytes);
    } catch (error) {
      // Half a record would hide all that comes after it.
      ftruncateSync(this.#file, current.bytes);
      throw error;
    }
    current.bytes += bytes.length;
    if (record.header.kind === 'message') this.#pending += 1;
    this.#wake?.();
    this.#syncSoon();
  }

  /** The record at a position, and the position behind it; undefined at the end. */
  async read(from: Position): Promise<{ record: SpoolRecord; next: Position } | undefined> {
    const at = this.#normal(from);
    const segment = this.#segments.find(({ number }) => number === at.segment);
    if (segment === undefined || at.offset >= segment.bytes) return undefined;
    const handle = await this.#handleOf(segment);
    const prefix = Buffer.alloc(prefixBytes);
    await handle.read(prefix, 0, prefixBytes, at.offset);
    const bytes = Buffer.alloc(recordBytes(prefix) ?? 0);
    await handle.read(bytes, 0, bytes.length, at.offset);
    const found = decodeRecord(bytes);
    if (found !== undefined) {
      return { record: found.record, next: { segment: at.segment, offset: at.offset + found.next } };
    }
    // It was whole when it was written, or when this process started.
    throw new OrdealError(
      'INTERNAL',
      `${segment.path} has changed at byte ${at.offset}; its disk may be failing`,
    );
  }

  /** Passes all records before a position, among them so many messages: they are published. */
  advance(to: Position, messages: number): void {
    // An acknowledgement may come late; the next start sends that message again.
    if (this.#isClosed) return;
    this.#pending -= messages;
    this.#cursor.move(this.#normal(to));
    this.#removePublished();
  }

  /** Waits until there is something to read at a position. */
  async something(from: Position, signal: AbortSignal): Promise<void> {
    const at = this.#normal(from);
    if (at.segment !== this.#current.number || at.offset < this.#current.bytes || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        this.#wake = undefined;
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#wake = wake;
      signal.addEventListener('abort', wake);
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#diskWork;
    await this.#cursor.close();
    await this.#reader?.handle.close();
    await syncData(this.#file);
    await closeFile(this.#file);
    await this.#lock.release();
  }

  get #current(): Segment {
    const current = this.#segments.at(-1);
    if (current === undefined) throw new OrdealError('INTERNAL', 'a spool has a segment to write to');
    return current;
  }

  /** The end of a segment is the beginning of the next one. */
  #normal(position: Position): Position {
    const index = this.#segments.findIndex(({ number }) => number >= position.segment);
    const found = this.#segments[index];
    if (found === undefined) return { segment: this.#current.number, offset: 0 };
    if (found.number > position.segment) return this.#normal({ segment: found.number, offset: 0 });
    const next = this.#segments[index + 1];
    if (position.offset < found.bytes || next === undefined) return position;
    return this.#normal({ segment: next.number, offset: 0 });
  }

  #startSegmentIfPossible(): void {
    try {
      this.#startSegment();
    } catch (error) {
      const why = OrdealError.from(error).message;
      this.#options.log.error({ why }, 'no new segment of the spool can be made; the present one grows');
    }
  }

  /** It appears under its name with its first record in it, or not at all. */
  #startSegment(): void {
    const number = (this.#segments.at(-1)?.number ?? 0) + 1;
    const path = segmentPath(this.#options.directory, number);
    const bytes = encodeRecord(this.#options.first());
    const file = openSync(unfinishedPath(path), 'w', 0o600);
    try {
      write(file, bytes);
      renameSync(unfinishedPath(path), path);
    } catch (error) {
      closeSync(file);
      throw error;
    }
    const finished = this.#file;
    this.#file = file;
    this.#segments.push({ number, path, bytes: bytes.length });
    if (finished !== -1) {
      this.#onDisk(async () => {
        await syncData(finished);
        await closeFile(finished);
      });
    }
  }

  #removePublished(): void {
    const first = this.#segments.findIndex(({ number }) => number >= this.#cursor.position.segment);
    for (const { path } of this.#segments.splice(0, Math.max(0, first))) {
      const file = this.#file;
      this.#onDisk(async () => {
        // The stand at the beginning of the current segment must outlive what it sums up.
        await syncData(file);
        await this.#cursor.save();
        await unlink(path);
      });
    }
  }

  #syncSoon(): void {
    this.#unsynced = true;
    if (this.#syncing) return;
    this.#syncing = true;
    this.#onDisk(async () => {
      while (this.#unsynced) {
        this.#unsynced = false;
        await syncData(this.#file);
      }
      this.#syncing = false;
    });
  }

  #onDisk(work: () => Promise<void>): void {
    this.#diskWork = this.#diskWork.then(work).catch((error: unknown) => {
      this.#syncing = false;
      this.#options.log.error({ why: OrdealError.from(error).message }, 'the disk of the spool fails');
    });
  }

  async #handleOf(segment: Segment): Promise<FileHandle> {
    if (this.#reader?.segment !== segment.number) {
      await this.#reader?.handle.close();
      this.#reader = { segment: segment.number, handle: await open(segment.path, 'r') };
    }
    return this.#reader.handle;
  }
}

function write(file: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
}
