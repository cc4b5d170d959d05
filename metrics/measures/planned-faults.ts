import type { FaultInPlan, TrialInPlan } from './attempt.ts';

/** A fault of a trial, and when it was to be there; absent where nothing says so. */
export interface PlannedFault {
  readonly fault: FaultInPlan;
  /** Whether it is one of several. */
  readonly isCombined: boolean;
  readonly injectUs?: number;
  readonly removeUs?: number;
}

export function isGolden({ fault, combination }: TrialInPlan): boolean {
  return fault === undefined && combination === undefined;
}

interface Schedule {
  readonly injectUs: number;
  readonly removeUs: number;
}

/** None in a golden run. */
export function plannedFaults(
  { fault, combination }: TrialInPlan,
  scheduled: Schedule | undefined,
): PlannedFault[] {
  if (combination !== undefined)
    return combination.faults.map((timed) => {
      const isOne = { fault: timed.fault, isCombined: true };
      if (scheduled === undefined) return isOne;
      const injectUs = scheduled.injectUs + timed.atUs;
      return { ...isOne, injectUs, removeUs: injectUs + timed.durationUs };
    });
  if (fault === undefined) return [];
  const { injectUs, removeUs } = scheduled ?? {};
  const when = injectUs === undefined || removeUs === undefined ? {} : { injectUs, removeUs };
  return [{ fault, isCombined: false, ...when }];
}
