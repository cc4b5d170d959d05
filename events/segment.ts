import { readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from './log.ts';
import { decodeRecord, type RecordHeader } from './record.ts';

/** One file of a spool. The one with the highest number is written to; all are read in the order of their numbers. */
export interface Segment {
  readonly number: number;
  readonly path: string;
  /** Of whole records; what may be behind them is none. */
  bytes: number;
}

/** A place in a spool, between two records. */
export interface Position {
  readonly segment: number;
  readonly offset: number;
}

const unfinished = '.new';

export function segmentPath(directory: string, number: number): string {
  return join(directory, `${String(number).padStart(9, '0')}.spool`);
}

export function unfinishedPath(path: string): string {
  return `${path}${unfinished}`;
}

/**
 * The segments that are there, in their order. Tells of every whole record with its position, and of what is cut off: a record that a killed process
 * left half written, or all that is behind one that the disk has spoilt.
 */
export function loadSegments(
  directory: string,
  log: Log,
  each: (header: RecordHeader, at: Position) => void,
  onCut: () => void,
): Segment[] {
  const names = readdirSync(directory);
  for (const name of names) if (name.endsWith(unfinished)) rmSync(join(directory, name));
  const numbers = names.flatMap((name) => /^(\d+)\.spool$/.exec(name)?.[1] ?? []).map(Number);
  return numbers.sort((a, b) => a - b).map((number) => loadSegment(directory, number, log, each, onCut));
}

function loadSegment(
  directory: string,
  number: number,
  log: Log,
  each: (header: RecordHeader, at: Position) => void,
  onCut: () => void,
): Segment {
  const path = segmentPath(directory, number);
  const bytes = readFileSync(path);
  let offset = 0;
  for (let found = decodeRecord(bytes); found !== undefined; found = decodeRecord(bytes, offset)) {
    each(found.record.header, { segment: number, offset });
    offset = found.next;
  }
  if (offset < bytes.length) {
    log.warn({ path, offset, cut: bytes.length - offset }, 'the spool ends in a record that is not whole');
    truncateSync(path, offset);
    onCut();
  }
  return { number, path, bytes: offset };
}
