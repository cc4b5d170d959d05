import type { Interval } from './interval.ts';
import { z } from './z.ts';

/** The 95% score interval of k of n. */
export function wilson(k: number, n: number): Interval {
  const share = k / n;
  const middle = share + (z * z) / (2 * n);
  const half = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  const width = 1 + (z * z) / n;
  // Where none or all hold the bound is exact; rounding would leave a trace.
  return { low: k === 0 ? 0 : (middle - half) / width, high: k === n ? 1 : (middle + half) / width };
}
