import type { TimedFaultPlan, TrialPlan } from './plan.ts';

/** All faults of a trial: none in a golden run. */
export function faultsOf({
  fault,
  combination,
  seed,
  timeline,
}: Pick<TrialPlan, 'fault' | 'combination' | 'seed' | 'timeline'>): readonly TimedFaultPlan[] {
  if (combination !== undefined) return combination.faults;
  return fault === undefined ? [] : [{ fault, seed, atUs: 0, durationUs: timeline.duringUs }];
}
