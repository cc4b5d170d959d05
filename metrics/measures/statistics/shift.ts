import { costOfChosen, sumOfChosen } from './chances.ts';
import type { Interval } from './interval.ts';
import { percentile } from './nearest-rank.ts';
import { z } from './z.ts';

export interface Shift extends Interval {
  /** In the unit of the values. */
  readonly by: number;
}

/** Above it the normal approximation is as good, and quicker. */
const mostAdditions = 2e6;

/**
 * By how much one is above another: the median of all differences between a one and another (Hodges and Lehmann), with the 95% interval of those shifts that the
 * test of Mann and Whitney would not reject. Its ends are infinite where so few values can reject none. Two that never came to an end (Infinity) differ by nothing.
 * Undefined where one side has no value.
 */
export function shift(ones: readonly number[], others: readonly number[]): Shift | undefined {
  if (ones.length === 0 || others.length === 0) return undefined;
  const differences = Float64Array.from(
    ones.flatMap((one) => others.map((other) => (one === other ? 0 : one - other))),
  ).sort();
  const cut = cutOff(ones.length, others.length);
  const by = middleOf(differences);
  if (cut === 0) return { by, low: -Infinity, high: Infinity };
  return {
    by,
    low: differences[cut - 1] ?? NaN,
    high: differences[differences.length - cut] ?? NaN,
  };
}

/** Neither middle is chosen where there are two. */
function middleOf(sorted: Float64Array): number {
  const values = [...sorted];
  const [lower, upper] = [percentile(values, 50) ?? NaN, sorted[sorted.length >> 1] ?? NaN];
  return lower === upper ? lower : (lower + upper) / 2;
}

/** Which difference, from either end, begins the interval: so many of all orders have a statistic below it as 2.5% allow. 0: not even the most extreme one. */
function cutOff(n: number, m: number): number {
  const places = Array.from({ length: n + m }, (_, place) => place);
  if (costOfChosen(places, n) > mostAdditions) {
    const spread = Math.sqrt((n * m * (n + m + 1)) / 12);
    return Math.max(0, Math.floor((n * m) / 2 - z * spread));
  }
  // The places of the ones, from 0 on, sum up to what they are at the least, and to the statistic above that.
  const { lowest, of } = sumOfChosen(places, n);
  const least = (n * (n - 1)) / 2 - lowest;
  let [cut, below] = [0, 0];
  for (;;) {
    below += of[least + cut] ?? 0;
    if (below > 0.025) return cut;
    cut += 1;
  }
}
