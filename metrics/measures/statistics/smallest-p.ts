import { logChoose } from './log-choose.ts';

/** Where a p is called small. */
export const significant = 0.05;

/** How many values a stratum has of each side. */
export interface Sizes {
  readonly ones: number;
  readonly others: number;
}

export interface Reach {
  /** Whether values are to be permuted only within blocks. */
  readonly within: 'blocks' | 'campaign';
  /** The smallest p that a comparison can then come to, after Holm's correction. */
  readonly smallest: number;
}

/** Decided by the numbers of values alone, never by what they are: within blocks where that can still tell anything apart. */
export function reachOf(blocks: readonly Sizes[], comparisons: number): Reach {
  const corrected = (strata: readonly Sizes[]): number => Math.min(1, smallestP(strata) * comparisons);
  const inBlocks = corrected(blocks);
  if (blocks.length > 1 && inBlocks <= significant) return { within: 'blocks', smallest: inBlocks };
  const ones = blocks.reduce((sum, block) => sum + block.ones, 0);
  const others = blocks.reduce((sum, block) => sum + block.others, 0);
  return { within: 'campaign', smallest: corrected([{ ones, others }]) };
}

/** The smallest p that `permutationTest` can come to: where the ones are all above the others, or all below, and no two values are equal. */
export function smallestP(strata: readonly Sizes[]): number {
  const logWays = strata.reduce((sum, { ones, others }) => sum + logChoose(ones + others, ones), 0);
  return Math.min(1, 2 * Math.exp(-logWays));
}
