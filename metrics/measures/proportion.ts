import type { Proportion } from './measures.ts';

/** The 0.975 quantile of the normal distribution: two sides of 95%. */
const z = 1.959963984540054;

export interface Case {
  readonly holds: boolean;
  readonly weight: number;
}

/** How many of the cases hold. Without a case everything between none and all is possible. */
export function proportion(cases: readonly Case[]): Proportion {
  const n = cases.length;
  const k = cases.filter(({ holds }) => holds).length;
  if (n === 0) return { k, n, share: 'unknown', weighted: 'unknown', low: 0, high: 1 };
  const weights = cases.reduce((sum, { weight }) => sum + weight, 0);
  const held = cases.reduce((sum, { holds, weight }) => sum + (holds ? weight : 0), 0);
  return { k, n, share: k / n, weighted: weights > 0 ? held / weights : 'unknown', ...wilson(k, n) };
}

function wilson(k: number, n: number): { low: number; high: number } {
  const share = k / n;
  const middle = share + (z * z) / (2 * n);
  const half = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  const width = 1 + (z * z) / n;
  // Where none or all hold the bound is exact; rounding would leave a trace.
  return { low: k === 0 ? 0 : (middle - half) / width, high: k === n ? 1 : (middle + half) / width };
}
