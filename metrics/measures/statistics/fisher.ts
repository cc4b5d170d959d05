import { logChoose } from './log-choose.ts';

/** How many of some hold. */
export interface Share {
  readonly k: number;
  readonly n: number;
}

/** Two tables whose probabilities differ by less than this are equally likely; the rest is rounding. */
const tolerance = 1e-7;

/** Fisher's exact test, two-sided: how likely shares that differ at least as much are, if both were the same. */
export function fisherExact(one: Share, other: Share): number {
  const held = one.k + other.k;
  const all = one.n + other.n;
  const logOf = (k: number): number =>
    logChoose(one.n, k) + logChoose(other.n, held - k) - logChoose(all, held);
  const seen = Math.exp(logOf(one.k));
  let sum = 0;
  for (let k = Math.max(0, held - other.n); k <= Math.min(held, one.n); k += 1) {
    const probability = Math.exp(logOf(k));
    if (probability <= seen * (1 + tolerance)) sum += probability;
  }
  return Math.min(1, sum);
}
