import { certainty, plus, sumOfChosen, twoSided, type Chances } from './chances.ts';
import { normalTails } from './normal-tails.ts';

export interface Trend {
  /** How many pairs rise, less those that fall, as a share of all pairs. */
  readonly tau: number;
  readonly p: number;
  readonly method: 'exact' | 'normal';
}

/** Beyond it the normal distribution is as near as anybody could ask. */
const mostExact = 60;

/** Whether values rise or fall in their order (Mann and Kendall's test, two-sided, for values with ties). Undefined of fewer than two. */
export function mannKendall(values: readonly number[]): Trend | undefined {
  const n = values.length;
  if (n < 2) return undefined;
  const rising = values.reduce((sum, value, place) => {
    const before = values.slice(0, place);
    return sum + before.filter((one) => one < value).length - before.filter((one) => one > value).length;
  }, 0);
  const ties = [...new Set(values)].map((value) => values.filter((one) => one === value).length);
  const tau = rising / ((n * (n - 1)) / 2);
  if (n > mostExact) return { tau, p: normalTails(standardised(rising, n, ties)), method: 'normal' };
  return { tau, p: twoSided(risingByChance(ties), rising), method: 'exact' };
}

/** Each group of equal values falls in among the ones before in any way. */
function risingByChance(ties: readonly number[]): Chances {
  let [chances, placed] = [certainty, 0];
  for (const size of ties) {
    placed += size;
    const scores = Array.from({ length: placed }, (_, place) => 2 * place + 1 - placed);
    chances = plus(chances, sumOfChosen(scores, Math.min(size, placed - size)));
  }
  return chances;
}

/** With the correction for continuity. */
function standardised(rising: number, n: number, ties: readonly number[]): number {
  const spread = (size: number): number => size * (size - 1) * (2 * size + 5);
  const variance = (spread(n) - ties.reduce((sum, size) => sum + spread(size), 0)) / 18;
  return variance === 0 ? 0 : Math.max(0, Math.abs(rising) - 1) / Math.sqrt(variance);
}
