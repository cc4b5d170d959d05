import { z } from 'zod';
import { OrdealError } from '../errors/ordeal-error.ts';
import { identitySchema, originSchema } from './event.ts';
import { bytesPerRow, decodeColumns, encodeColumns, type SampleColumns } from './sample-columns.ts';

const headerSchema = z.strictObject({
  ...identitySchema.shape,
  ...originSchema.shape,
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

/**
 * A batch on the wire and in a saved run: magic, version and header length (u32 each), the header as JSON padded with spaces to a multiple of
 * 8, then the columns one after the other, little-endian. A file of samples is batches end to end.
 */
export function encodeSamples({ header, columns }: SampleBatch): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const headerBytes = Math.ceil((json.length + prefixBytes) / 8) * 8 - prefixBytes;
  const head = Buffer.alloc(prefixBytes + headerBytes, ' ');
  head.writeUInt32LE(magic, 0);
  head.writeUInt32LE(version, 4);
  head.writeUInt32LE(headerBytes, 8);
  json.copy(head, prefixBytes);
  return Buffer.concat([head, encodeColumns(columns)]);
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
  const columns = decodeColumns(bytes.subarray(start, next), header.rows);
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
