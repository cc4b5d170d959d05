import { OrdealError } from '../../errors/ordeal-error.ts';

/** Bytes that a packet may not have as they are, and the mark and mask by which they are written. */
const special = /[$#}*]/g;
const mask = 0x20;

/** One packet of gdb's remote protocol, with its checksum. Latin-1: a character is a byte. */
export function packetOf(data: string): string {
  const body = data.replace(special, (byte) => `}${String.fromCharCode(byte.charCodeAt(0) ^ mask)}`);
  return `$${body}#${checksumOf(body)}`;
}

/** Puts packets together from what comes, however it is cut. */
export class PacketReader {
  #rest = '';

  /** The data of the packets that are whole by now; acknowledgements between them are of no concern. */
  take(bytes: string): string[] {
    this.#rest += bytes;
    const packets: string[] = [];
    for (;;) {
      const begin = this.#rest.indexOf('$');
      const end = this.#rest.indexOf('#', begin);
      if (begin < 0 || end < 0 || this.#rest.length < end + 3) return packets;
      const body = this.#rest.slice(begin + 1, end);
      const sum = this.#rest.slice(end + 1, end + 3);
      this.#rest = this.#rest.slice(end + 3);
      if (sum !== checksumOf(body)) {
        throw new OrdealError(
          'COMMAND_FAILED',
          `the gdb stub sent a packet whose checksum is wrong: ${body}`,
        );
      }
      packets.push(
        body.replace(/\}([^])/g, (_, byte: string) => String.fromCharCode(byte.charCodeAt(0) ^ mask)),
      );
    }
  }
}

function checksumOf(body: string): string {
  const sum = Buffer.from(body, 'latin1').reduce((all, byte) => (all + byte) & 0xff, 0);
  return sum.toString(16).padStart(2, '0');
}
