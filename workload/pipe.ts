import { z } from 'zod';
import { bytesPerRow, decodeColumns, encodeColumns, type SampleColumns } from '../events/sample-columns.ts';
import { OrdealError } from '../errors/ordeal-error.ts';

/** What a driver's process says, on its standard output: hello, frames, end. Without the end, something is missing. */
const headerSchema = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('hello'), version: z.string() }),
  z.strictObject({ is: z.literal('frame'), rows: z.int().nonnegative(), classes: z.array(z.string()) }),
  z.strictObject({ is: z.literal('end'), rows: z.int().nonnegative() }),
]);

type Header = z.infer<typeof headerSchema>;

export type Message =
  | Exclude<Header, { is: 'frame' }>
  | { readonly is: 'frame'; readonly classes: readonly string[]; readonly columns: SampleColumns };

const lengthBytes = 4;
/** A header is short; a longer one means that something else was written to the pipe. */
const longestHeader = 1 << 20;

/** Length of the header (u32, little-endian), the header as JSON, and the columns where it is a frame. */
export function encodeMessage(message: Message): Buffer {
  if (message.is !== 'frame') return withHeader(message);
  const { classes, columns } = message;
  const header: Header = { is: 'frame', rows: columns.intendedUs.length, classes: [...classes] };
  return Buffer.concat([withHeader(header), encodeColumns(columns)]);
}

/** Takes the bytes as they come, in any pieces, and answers the messages that have become whole. */
export class PipeReader {
  #rest: Buffer = Buffer.alloc(0);

  read(bytes: Buffer): Message[] {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const messages: Message[] = [];
    for (let message = this.#take(); message !== undefined; message = this.#take()) messages.push(message);
    return messages;
  }

  /** The bytes of a message that was begun and is not whole: at the end of the stream, it was torn. */
  get torn(): number {
    return this.#rest.length;
  }

  #take(): Message | undefined {
    if (this.#rest.length < lengthBytes) return undefined;
    const headerEnd = lengthBytes + this.#rest.readUInt32LE(0);
    if (headerEnd > longestHeader) throw foreign();
    if (this.#rest.length < headerEnd) return undefined;
    const header = parseHeader(this.#rest.toString('utf8', lengthBytes, headerEnd));
    if (header.is !== 'frame') {
      this.#rest = this.#rest.subarray(headerEnd);
      return header;
    }
    const end = headerEnd + header.rows * bytesPerRow;
    if (this.#rest.length < end) return undefined;
    const columns = decodeColumns(this.#rest.subarray(headerEnd, end), header.rows);
    this.#rest = this.#rest.subarray(end);
    return { is: 'frame', classes: header.classes, columns };
  }
}

function withHeader(header: Header): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32LE(json.length, 0);
  return Buffer.concat([length, json]);
}

function parseHeader(text: string): Header {
  try {
    return headerSchema.parse(JSON.parse(text));
  } catch (error) {
    throw foreign(error);
  }
}

function foreign(cause?: unknown): OrdealError {
  return new OrdealError('INTERNAL', 'a load driver wrote something else than samples to its pipe', {
    cause,
  });
}
