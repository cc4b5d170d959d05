import type { TrialPlan } from './plan.ts';

/** What checking, staging, verifying and collecting take together, in round numbers; the system's own commands are not known ahead. */
const overheadUs = 2_000_000;

/** About how long these trials take, one after the other. */
export function estimateOf(trials: readonly TrialPlan[], timeoutUs: number): number {
  return trials.reduce((sum, { timeline }) => {
    const { warmUpUs, beforeUs, duringUs, afterUs } = timeline;
    return sum + warmUpUs + beforeUs + duringUs + afterUs + timeoutUs + overheadUs;
  }, 0);
}
