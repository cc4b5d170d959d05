import { binomial } from './binomial.ts';
import type { Interval } from './interval.ts';
import { nearestRank } from './nearest-rank.ts';

/**
 * The 95% bootstrap interval of a percentile, as infinitely many draws would have it, so that nothing need be drawn: how likely the percentile of a sample
 * is at most the value of a rank is a binomial probability. Undefined without a value.
 */
export function percentileInterval(values: readonly number[], percent: number): Interval | undefined {
  const n = values.length;
  if (n === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  const least = nearestRank(n, percent) + 1;
  const valueAt = (chance: number): number => {
    let [low, high] = [1, n];
    while (low < high) {
      const rank = Math.floor((low + high) / 2);
      if (binomial(n, least, n, rank / n) >= chance) high = rank;
      else low = rank + 1;
    }
    return sorted[low - 1] ?? NaN;
  };
  return { low: valueAt(0.025), high: valueAt(0.975) };
}
