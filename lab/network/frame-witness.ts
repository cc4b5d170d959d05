import { lengthBytes } from './frame-reader.ts';

const addressBytes = 6;
const typeBytes = 2;

/** A frame as the switch saw it come, in the monotonic clock of the machine that the lab is on. */
export interface SeenFrame {
  readonly atUs: number;
  readonly source: string;
  readonly destination: string;
  /** Its EtherType, in hexadecimal digits. */
  readonly type: string;
  readonly bytes: number;
}

/** One line: when, from, to, what, how long. */
export function formatSeen(frame: Buffer, atUs: number): string {
  const [destination = '', source = ''] = [0, 1].map((at) =>
    addressAt(frame, lengthBytes + at * addressBytes),
  );
  const typeAt = lengthBytes + 2 * addressBytes;
  const type = frame.toString('hex', typeAt, typeAt + typeBytes);
  return `${Math.round(atUs)} ${source} ${destination} ${type} ${frame.length - lengthBytes}`;
}

export function parseSeen(line: string): SeenFrame {
  const [atUs = '', source = '', destination = '', type = '', bytes = ''] = line.split(' ');
  return { atUs: Number(atUs), source, destination, type, bytes: Number(bytes) };
}

function addressAt(frame: Buffer, at: number): string {
  return [...frame.subarray(at, at + addressBytes)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join(':');
}
