import { OrdealError } from '../../errors/ordeal-error.ts';

/** What stands before each frame on QEMU's `-netdev stream`: its length, in network byte order. */
export const lengthBytes = 4;
/** Two addresses and a type. */
const shortestFrame = 14;
/** No frame that QEMU sends is longer (its NET_BUFSIZE): a longer one is no frame, and where the next one begins is lost. */
export const longestFrame = 4096 + 65_536;

/** Cuts a stream of bytes into frames, each with its length before it: as it came, so it can go on. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /** What is whole now; throws where the bytes cannot be frames. */
  read(bytes: Buffer): Buffer[] {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const frames: Buffer[] = [];
    let at = 0;
    while (all.length - at >= lengthBytes) {
      const length = all.readUInt32BE(at);
      if (length < shortestFrame || length > longestFrame) {
        const allowed = `${shortestFrame} to ${longestFrame}`;
        throw new OrdealError('INVALID_INPUT', `a frame of ${length} bytes came; it has to be ${allowed}`);
      }
      const end = at + lengthBytes + length;
      if (end > all.length) break;
      frames.push(all.subarray(at, end));
      at = end;
    }
    this.#rest = all.subarray(at);
    return frames;
  }
}
