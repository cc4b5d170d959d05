import { blocksOf } from '../block.ts';
import { faultsOf } from '../faults-of.ts';
import type { TrialPlan } from '../plan.ts';

/** The block of each trial, from 1; 0 for the golden runs after all others, which are run however many blocks there are. */
export function blocksToRun(trials: readonly TrialPlan[]): readonly number[] {
  const isFaulty = trials.map((trial) => faultsOf(trial).length > 0);
  const blocks = blocksOf(
    trials.map(({ repetition }, place) => ({
      repetition,
      ...(isFaulty[place] === true ? { fault: true } : {}),
    })),
  );
  const last = isFaulty.lastIndexOf(true);
  return blocks.map((block, place) => (place > last ? 0 : block));
}
