import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { identitySchema } from './event.ts';
import { standSchema } from './ledger.ts';

/** First in every segment: what was known of all that was said before it. */
const standHeader = z.strictObject({ kind: z.literal('stand'), stand: standSchema });
/** Something said, as it is to be published. */
const messageHeader = z.strictObject({
  kind: z.literal('message'),
  identity: identitySchema,
  subject: z.string(),
  /** It closes its scope. */
  closes: z.boolean(),
});
/** Something that was refused, and yet has taken its seq: readers shall see that it is missing. */
const refusalHeader = z.strictObject({ kind: z.literal('refusal'), identity: identitySchema });

const headerSchema = z.discriminatedUnion('kind', [standHeader, messageHeader, refusalHeader]);
export type RecordHeader = z.infer<typeof headerSchema>;

export interface SpoolRecord {
  readonly header: RecordHeader;
  readonly data: Buffer;
}

/** Length of what follows, CRC-32, length of the header in what follows: u32 each, little-endian. */
export const prefixBytes = 12;
/** The CRC is over all that is behind it. */
const checkedFrom = 8;
/** No length above it was written by us: a message has 1 MiB at most, a stand less. */
const bodyBytesAtMost = 16 * 1024 * 1024;

export function encodeRecord({ header, data }: SpoolRecord): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const record = Buffer.alloc(prefixBytes + json.length + data.length);
  json.copy(record, prefixBytes);
  data.copy(record, prefixBytes + json.length);
  record.writeUInt32LE(json.length + data.length, 0);
  record.writeUInt32LE(json.length, 8);
  record.writeUInt32LE(crc32(record.subarray(checkedFrom)), 4);
  return record;
}

/** Undefined where no whole record begins at `from`: it was cut off, or is not one. */
export function decodeRecord(bytes: Buffer, from = 0): { record: SpoolRecord; next: number } | undefined {
  if (bytes.length < from + prefixBytes) return undefined;
  const start = from + prefixBytes;
  const next = start + bytes.readUInt32LE(from);
  const dataStart = start + bytes.readUInt32LE(from + 8);
  if (next > bytes.length || dataStart > next) return undefined;
  if (crc32(bytes.subarray(from + checkedFrom, next)) !== bytes.readUInt32LE(from + 4)) return undefined;
  const header = parseHeader(bytes.toString('utf8', start, dataStart));
  return header === undefined
    ? undefined
    : { record: { header, data: bytes.subarray(dataStart, next) }, next };
}

/** How long the record is that this prefix begins, prefix included. */
export function recordBytes(prefix: Buffer): number | undefined {
  const body = prefix.readUInt32LE(0);
  return body > bodyBytesAtMost ? undefined : prefixBytes + body;
}

function parseHeader(text: string): RecordHeader | undefined {
  try {
    return headerSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
