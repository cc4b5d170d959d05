import { parseDurationUs } from '../../clock/duration.ts';
import type { Leaf, Queue } from '../lane/queue.ts';
import type { NetemCorruptParameters } from './corrupt-descriptor.ts';
import type { NetemDelayParameters } from './delay-descriptor.ts';

/** As many packets as can wait: at 10 s a hundred thousand a second. What comes on top is dropped by the kernel. */
const limit = 1_000_000;

export function delayingLeaf({ delay, jitter }: NetemDelayParameters): Leaf {
  const jitterUs = parseDurationUs(jitter) ?? 0;
  const varied = jitterUs === 0 ? '' : ` ${jitterUs}us`;
  return { kind: 'netem', words: `limit ${limit} delay ${parseDurationUs(delay) ?? 0}us${varied}` };
}

/** All that come into the lane: which ones do has been chosen before. */
export function corruptingLeaf({ how }: NetemCorruptParameters): Leaf {
  return { kind: 'netem', words: `limit ${limit} ${how === 'flip' ? 'corrupt' : 'duplicate'} 100%` };
}

/** The longest that a packet is in it, in milliseconds. */
export function longestStayMs({ delay, jitter }: NetemDelayParameters): number {
  return Math.ceil(((parseDurationUs(delay) ?? 0) + (parseDurationUs(jitter) ?? 0)) / 1000);
}

/** What the kernel says of an emulation that was asked for by these words; undefined where it says the same. */
export function unlikeEmulation(words: string, { options }: Queue): string | undefined {
  const delayUs = Number(/delay (\d+)us/.exec(words)?.[1] ?? 0);
  const found = {
    delayUs: Math.round(numberIn(options, ['delay', 'delay']) * 1_000_000),
    corrupt: numberIn(options, ['corrupt', 'corrupt']),
    duplicate: numberIn(options, ['duplicate', 'duplicate']),
  };
  const asked = {
    delayUs,
    corrupt: words.includes('corrupt') ? 1 : 0,
    duplicate: words.includes('duplicate') ? 1 : 0,
  };
  const same = Object.entries(asked).every(([key, value]) => found[key as keyof typeof found] === value);
  return same ? undefined : `netem does ${JSON.stringify(found)}, not ${JSON.stringify(asked)}`;
}

function numberIn(value: unknown, [key, ...deeper]: readonly string[]): number {
  if (key === undefined) return typeof value === 'number' ? value : 0;
  return typeof value === 'object' && value !== null
    ? numberIn((value as Readonly<Record<string, unknown>>)[key], deeper)
    : 0;
}
