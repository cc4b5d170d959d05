import type { Share } from './fisher.ts';
import type { Interval } from './interval.ts';
import { wilson } from './wilson.ts';

export interface Difference extends Interval {
  readonly difference: number;
}

/** The share of the one less that of the other, with its 95% interval made of the two Wilson intervals (Newcombe's tenth method). Undefined where one is of none. */
export function newcombe(one: Share, other: Share): Difference | undefined {
  if (one.n === 0 || other.n === 0) return undefined;
  const [share, otherShare] = [one.k / one.n, other.k / other.n];
  const [own, others] = [wilson(one.k, one.n), wilson(other.k, other.n)];
  const difference = share - otherShare;
  return {
    difference,
    low: difference - Math.hypot(share - own.low, others.high - otherShare),
    high: difference + Math.hypot(own.high - share, otherShare - others.low),
  };
}
