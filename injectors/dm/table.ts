import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Sectors } from '../storage/sectors.ts';

/** One line of a table of device mapper. */
interface Segment {
  readonly start: number;
  readonly length: number;
  readonly kind: string;
  readonly words: string;
}

/** What a fault makes of a stretch of a device: a line's words, by the device below and the sector there at which the stretch begins. */
export type Fault = (below: string, offset: number) => { readonly kind: string; readonly words: string };

/** What the faults of Ordeal are made of, and a table that was captured is not. */
export const faultKinds: readonly string[] = ['delay', 'error', 'flakey'];

export function parseTable(text: string): Segment[] {
  return text
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [start, length, kind = '', ...words] = line.trim().split(' ');
      return { start: Number(start), length: Number(length), kind, words: words.join(' ') };
    });
}

export function formatTable(segments: readonly Segment[]): string {
  return segments
    .map(({ start, length, kind, words }) => `${start} ${length} ${kind} ${words}`.trimEnd())
    .join('\n');
}

/**
 * The table with the fault in place of those sectors, all where none are named. Only of linear segments: what else there is (a key of a
 * crypt, a pool) is neither to be kept in a journal nor to be taken out for a while.
 */
export function withFault(table: readonly Segment[], sectors: Sectors | undefined, fault: Fault): Segment[] {
  const other = table.find(({ kind }) => kind !== 'linear');
  if (table.length === 0 || other !== undefined) {
    const found = other === undefined ? 'is empty' : `has a segment of the kind ${other.kind}`;
    throw new OrdealError('UNSUPPORTED', `the table of that device ${found}, not only linear ones`, {
      remedy: 'Choose a linear device of device mapper, such as a plain volume of LVM.',
    });
  }
  const end = Math.max(...table.map(({ start, length }) => start + length));
  const { first, last } = sectors ?? { first: 0, last: end - 1 };
  if (last >= end) {
    throw new OrdealError(
      'INVALID_INPUT',
      `sector ${last} is beyond the end: that device has ${end} sectors`,
    );
  }
  return table.flatMap(({ start, length, words }) => {
    const [below = '', offset = '0'] = words.split(' ');
    const piece = (from: number, to: number): { start: number; length: number; at: number }[] =>
      from < to ? [{ start: from, length: to - from, at: Number(offset) + from - start }] : [];
    const cut = (sector: number): number => Math.min(Math.max(sector, start), start + length);
    const [from, to] = [cut(first), cut(last + 1)];
    const intact = [...piece(start, from), ...piece(to, start + length)];
    return [
      ...intact.map(({ at, ...place }) => ({ ...place, kind: 'linear', words: `${below} ${at}` })),
      ...piece(from, to).map(({ at, ...place }) => ({ ...place, ...fault(below, at) })),
    ].sort((one, other) => one.start - other.start);
  });
}
