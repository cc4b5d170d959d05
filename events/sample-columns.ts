import { OrdealError } from '../errors/ordeal-error.ts';

/** What became of a request; the position in this list is the code in the column. Everything but `ok` is a failure. */
export const outcomes = ['ok', 'timeout', 'refused', 'error', 'wrong'] as const;
export type Outcome = (typeof outcomes)[number];

/** One row a request, in the order of the intended sends, in the monotonic clock of the host that sent them. */
export interface SampleColumns {
  readonly intendedUs: Float64Array;
  readonly sentUs: Float64Array;
  /** When the answer was complete, or the failure known; for a timeout, when it was given up. */
  readonly answeredUs: Float64Array;
  /** Index into the batch's `classes`. */
  readonly requestClass: Uint16Array;
  /** Index into `outcomes`. */
  readonly outcome: Uint8Array;
}

export const bytesPerRow = 3 * 8 + 2 + 1;

/** The columns one after the other, little-endian (as every machine is that runs Ordeal). */
export function encodeColumns(columns: SampleColumns): Buffer {
  const inOrder = [
    columns.intendedUs,
    columns.sentUs,
    columns.answeredUs,
    columns.requestClass,
    columns.outcome,
  ];
  const rows = columns.intendedUs.length;
  for (const column of inOrder) {
    if (column.length !== rows)
      throw new OrdealError('INTERNAL', `a column of ${column.length} among ${rows} rows`);
  }
  return Buffer.concat(
    inOrder.map((column) => Buffer.from(column.buffer, column.byteOffset, column.byteLength)),
  );
}

/** `bytes` are exactly the columns of so many rows. */
export function decodeColumns(bytes: Uint8Array, rows: number): SampleColumns {
  if (bytes.length !== rows * bytesPerRow) {
    throw new OrdealError('INTERNAL', `${bytes.length} bytes cannot be ${rows} rows of ${bytesPerRow}`);
  }
  // A copy is aligned, whatever the offset in the file or packet was.
  const body = new Uint8Array(bytes).buffer;
  return {
    intendedUs: new Float64Array(body, 0, rows),
    sentUs: new Float64Array(body, rows * 8, rows),
    answeredUs: new Float64Array(body, rows * 16, rows),
    requestClass: new Uint16Array(body, rows * 24, rows),
    outcome: new Uint8Array(body, rows * 26, rows),
  };
}

/** The rows from `from` up to, not including, `to`; the memory is shared. */
export function rowsOf(columns: SampleColumns, from: number, to: number): SampleColumns {
  return {
    intendedUs: columns.intendedUs.subarray(from, to),
    sentUs: columns.sentUs.subarray(from, to),
    answeredUs: columns.answeredUs.subarray(from, to),
    requestClass: columns.requestClass.subarray(from, to),
    outcome: columns.outcome.subarray(from, to),
  };
}
