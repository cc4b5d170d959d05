import { OrdealError } from '../../errors/ordeal-error.ts';
import { decodeSamples, type SampleBatch } from '../../events/samples.ts';

interface Found {
  readonly batches: readonly SampleBatch[];
  /** Where the last whole batch ends. */
  readonly wholeBytes: number;
  /** Torn: the bytes end within a batch, as a kill in the middle of an append leaves them. Else what is wrong, and where. */
  readonly damage?: string;
}

/** The batches of a file of samples, end to end, as far as they are whole. */
export function batchesIn(bytes: Buffer): Found {
  const batches: SampleBatch[] = [];
  let at = 0;
  while (at < bytes.length) {
    try {
      const { batch, next } = decodeSamples(bytes, at);
      batches.push(batch);
      at = next;
    } catch (error) {
      const damage = isTorn(bytes, at) ? 'torn' : OrdealError.from(error).message;
      return { batches, wholeBytes: at, damage };
    }
  }
  return { batches, wholeBytes: at };
}

/** Magic and version, as every batch of this version begins. */
const beginning = Buffer.from('ORDS\x01\0\0\0');
/** Those and the length of the header. */
const prefixBytes = 12;

/** The bytes from here on are a batch as far as they go, it would go on behind their end, and no other batch begins before that. */
function isTorn(bytes: Buffer, at: number): boolean {
  const rest = bytes.subarray(at);
  const begun = rest.subarray(0, beginning.length);
  if (!begun.equals(beginning.subarray(0, begun.length)) || rest.includes(beginning, 1)) return false;
  if (rest.length < prefixBytes) return true;
  const headerEnd = prefixBytes + rest.readUInt32LE(beginning.length);
  return rest.length < headerEnd || isHeader(rest.toString('utf8', prefixBytes, headerEnd));
}

function isHeader(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
