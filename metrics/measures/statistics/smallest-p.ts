import { logChoose } from './log-choose.ts';

/** How many values a stratum has of each side. */
interface Sizes {
  readonly ones: number;
  readonly others: number;
}

/** The smallest p that `permutationTest` can come to: where the ones are all above the others, or all below, and no two values are equal. */
export function smallestP(strata: readonly Sizes[]): number {
  const logWays = strata.reduce((sum, { ones, others }) => sum + logChoose(ones + others, ones), 0);
  return Math.min(1, 2 * Math.exp(-logWays));
}
