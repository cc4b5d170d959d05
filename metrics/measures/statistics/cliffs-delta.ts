import { crossing } from './crossing.ts';
import { dominance } from './dominance.ts';
import type { Interval } from './interval.ts';
import { z } from './z.ts';

export interface Effect extends Interval {
  /** From -1, where every one is below every other, to 1, where all are above. */
  readonly delta: number;
}

/**
 * How likely one is above another, less how likely it is below, with its 95% interval: the score interval of the Mann-Whitney statistic (Newcombe's fifth
 * method), because five values that are all above five others are no proof that all will be, which is what a bootstrap of them would say.
 * Undefined where one side has no value.
 */
export function cliffsDelta(ones: readonly number[], others: readonly number[]): Effect | undefined {
  if (ones.length === 0 || others.length === 0) return undefined;
  const delta = dominance(ones, others) / (ones.length * others.length);
  const lowest = (above: number): number => 2 * leastLikely(above, ones.length, others.length) - 1;
  return { delta, low: lowest((1 + delta) / 2), high: 0 - lowest((1 - delta) / 2) };
}

/** The lower end of the interval of the chance to be above, where it was seen to be so much. */
function leastLikely(seen: number, n: number, m: number): number {
  return crossing((chance) => seen - chance > z * Math.sqrt(varianceOf(chance, (n + m) / 2 - 1) / (n * m)));
}

/** As of exponential values, and of one size in place of the two. */
function varianceOf(chance: number, size: number): number {
  const rest = 1 - chance;
  return chance * rest * (1 + size * (rest / (1 + rest) + chance / (1 + chance)));
}
