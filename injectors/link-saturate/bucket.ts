import type { Leaf, Queue } from '../lane/queue.ts';
import type { Bucket } from './descriptor.ts';

/** The header of Ethernet, with a VLAN's tag: it is in front of what the MTU counts. */
const headerBytes = 18;

export function leafOf({ bitsPerSecond, burstBytes, waitUs }: Bucket): Leaf {
  return { kind: 'tbf', words: `rate ${bitsPerSecond}bit burst ${burstBytes}b latency ${waitUs}us` };
}

/** With the same queue, but so wide that all that waits in it leaves at once, in its order. */
export function openedLeafOf({ burstBytes }: Bucket): Leaf {
  return { kind: 'tbf', words: `rate 100gbit burst ${burstBytes}b latency 1s` };
}

/** Why packets of an interface would never pass; undefined where they would. */
export function tooNarrowFor({ burstBytes }: Bucket, mtu: number): string | undefined {
  const largest = mtu + headerBytes;
  if (burstBytes >= largest) return undefined;
  return `a burst of ${burstBytes} bytes is less than the largest packet of the interface, ${largest} bytes, which would never pass`;
}

/** How the kernel's bucket differs from the one that was asked for; undefined where it does not. */
export function unlikeBucket({ bitsPerSecond }: Bucket, { options }: Queue): string | undefined {
  const asked = Math.floor(bitsPerSecond / 8);
  const found = options['rate'];
  if (found === asked) return undefined;
  return `the rate is ${JSON.stringify(found)} bytes a second, not ${asked}`;
}
