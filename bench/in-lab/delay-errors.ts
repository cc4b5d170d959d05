import type { Figure } from '../benchmark.ts';
import { milliseconds, quantile, spread } from '../quantile.ts';

interface DelayErrors {
  readonly delayUs: number;
  readonly rival: string;
  /** How far what was seen is from what was to be seen, each of them, in microseconds. */
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

/** The error of a delay by the module, beside that of what does the same. */
export function delayErrors({ delayUs, rival, ours, theirs }: DelayErrors): Figure[] {
  const isMet = [0.5, 0.99].every((share) => quantile(ours, share) <= quantile(theirs, share));
  const what = `error of a delay of ${milliseconds(delayUs)}`;
  return [
    {
      what: `${what}, module`,
      found: spread(ours),
      aim: { text: `p50 and p99 no larger than those of ${rival}`, isMet },
    },
    { what: `${what}, ${rival}`, found: spread(theirs) },
  ];
}
