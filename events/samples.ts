import { z } from 'zod';
import { OrdealError } from '../errors/ordeal-error.ts';
import { identitySchema } from './event.ts';
import { nameSchema } from './name.ts';

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

const headerSchema = z.strictObject({
  ...identitySchema.shape,
  host: nameSchema,
  classes: z.array(z.string()),
  rows: z.int().nonnegative(),
});

export type SampleHeader = z.infer<typeof headerSchema>;

export interface SampleBatch {
  readonly header: SampleHeader;
  readonly columns: SampleColumns;
}

const magic = 0x5344524f; // "ORDS", read as a little-endian word
const version = 1;
const prefixBytes = 12;
const bytesPerRow = 3 * 8 + 2 + 1;

/**
 * A batch on the wire and in a saved run: magic, version and header length (u32 each), the header as JSON padded with spaces to a multiple of
 * 8, then the columns one after the other, little-endian. A file of samples is batches end to end.
 */
export function encodeSamples({ header, columns }: SampleBatch): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const headerBytes = Math.ceil((json.length + prefixBytes) / 8) * 8 - prefixBytes;
  const buffer = Buffer.alloc(prefixBytes + headerBytes + header.rows * bytesPerRow, ' ');
  buffer.writeUInt32LE(magic, 0);
  buffer.writeUInt32LE(version, 4);
  buffer.writeUInt32LE(headerBytes, 8);
  json.copy(buffer, prefixBytes);
  let at = prefixBytes + headerBytes;
  for (const column of [
    columns.intendedUs,
    columns.sentUs,
    columns.answeredUs,
    columns.requestClass,
    columns.outcome,
  ]) {
    if (column.length !== header.rows)
      throw new OrdealError('INTERNAL', `a column of ${column.length} in a batch of ${header.rows} rows`);
    Buffer.from(column.buffer, column.byteOffset, column.byteLength).copy(buffer, at);
    at += column.byteLength;
  }
  return buffer;
}

/** Reads the batch that begins at `from`, and tells where the next one begins. */
export function decodeSamples(bytes: Buffer, from = 0): { batch: SampleBatch; next: number } {
  if (bytes.length < from + prefixBytes || bytes.readUInt32LE(from) !== magic)
    throw damaged(from, 'it does not begin as a batch');
  if (bytes.readUInt32LE(from + 4) !== version)
    throw damaged(from, `version ${bytes.readUInt32LE(from + 4)} is not ${version}`);
  const start = from + prefixBytes + bytes.readUInt32LE(from + 8);
  if (start > bytes.length) throw damaged(from, 'it is cut off');
  const header = parseHeader(bytes.toString('utf8', from + prefixBytes, start), from);
  const next = start + header.rows * bytesPerRow;
  if (next > bytes.length) throw damaged(from, 'it is cut off');
  // A copy is aligned, whatever the offset in the file was.
  const body = new Uint8Array(bytes.subarray(start, next)).buffer;
  const { rows } = header;
  const columns = {
    intendedUs: new Float64Array(body, 0, rows),
    sentUs: new Float64Array(body, rows * 8, rows),
    answeredUs: new Float64Array(body, rows * 16, rows),
    requestClass: new Uint16Array(body, rows * 24, rows),
    outcome: new Uint8Array(body, rows * 26, rows),
  };
  return { batch: { header, columns }, next };
}

function parseHeader(text: string, from: number): SampleHeader {
  try {
    return headerSchema.parse(JSON.parse(text));
  } catch (error) {
    throw damaged(from, 'its header is not readable', error);
  }
}

function damaged(at: number, why: string, cause?: unknown): OrdealError {
  return new OrdealError('DAMAGED_RUN', `the batch of samples at byte ${at} cannot be read: ${why}`, {
    cause,
  });
}
