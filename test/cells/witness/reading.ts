import { bitsThatDiffer } from '../../kernel/bits-that-differ.ts';
import type { Place } from '../../kernel/place.ts';
import type { Witness } from '../proof.ts';

/** What is in the file, or at the beginning of the disk, that is read. */
const content = Buffer.alloc(65_536, 0x5a);
const flags = 'bs=64k count=1 iflag=direct';

/** Puts the content where it is read from. */
export async function fill(place: Place, path: string): Promise<void> {
  const how = 'bs=64k iflag=fullblock oflag=direct conv=fsync';
  await place.demand(['dd', `of=${path}`, ...how.split(' ')], { input: content });
}

/** Somebody who reads it past the page cache, and is told by the kernel whether that went well. */
export function gettingBytes(place: Place, path: string): Witness {
  return async () => {
    const { code, stderr } = await place.run(`dd if=${path} of=/dev/null ${flags}`);
    const [, error] = /dd: .*: (.*)$/m.exec(stderr) ?? [];
    const words = code === 0 ? '64 KiB read' : (error ?? `dd ended with ${code}`);
    return { amount: code === 0 ? content.length : 0, words };
  };
}

/** Somebody who reads it past the page cache, and compares it with what was written. */
export function comparingBytes(place: Place, path: string): Witness {
  return async () => {
    const said = await place.demand(`dd if=${path} ${flags} 2> /dev/null | base64 --wrap=0`);
    const wrong = bitsThatDiffer(content, Buffer.from(said, 'base64'));
    return { amount: wrong, words: `${wrong} of ${content.length * 8} bits wrong` };
  };
}

/** Somebody who reads it three times past the page cache, and takes the time of the fastest by the machine's own clock. */
export function timingReads(place: Place, path: string): Witness {
  return async () => {
    const said = await place.demand(`
      for try in 1 2 3; do
        began=$(date +%s%N); dd if=${path} of=/dev/null ${flags} 2> /dev/null
        echo $((($(date +%s%N) - began) / 1000000))
      done`);
    const fastest = Math.min(...said.trim().split('\n').map(Number));
    return { amount: fastest, words: `fastest read took ${fastest} ms` };
  };
}
