import { binomial } from './binomial.ts';
import { crossing } from './crossing.ts';
import type { Interval } from './interval.ts';

/** The exact 95% interval of k of n: every share under which neither so many nor so few would be a surprise of 2.5%. */
export function clopperPearson(k: number, n: number, alpha = 0.05): Interval {
  const atLeast = (share: number): number => binomial(n, k, n, share);
  const atMost = (share: number): number => binomial(n, 0, k, share);
  return {
    low: k === 0 ? 0 : crossing((share) => atLeast(share) < alpha / 2),
    high: k === n ? 1 : crossing((share) => atMost(share) > alpha / 2),
  };
}
