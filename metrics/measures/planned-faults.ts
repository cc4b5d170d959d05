import type { Upon } from '../../campaign/upon.ts';
import type { Event } from '../../events/event.ts';
import type { CombinationInPlan, FaultInPlan, TrialInPlan } from './attempt.ts';
import { latest, ofKind } from './latest.ts';

/** A fault of a trial, and when it was to be there; absent where nothing says so. */
export interface PlannedFault {
  readonly fault: FaultInPlan;
  /** Whether it is one of several. */
  readonly isCombined: boolean;
  readonly injectUs?: number;
  readonly removeUs?: number;
  /** What it had to wait for, and did not come: it was never to begin. */
  readonly missed?: Upon;
}

export function isGolden({ fault, combination }: TrialInPlan): boolean {
  return fault === undefined && combination === undefined;
}

/** None in a golden run. */
export function plannedFaults({ fault, combination }: TrialInPlan, events: readonly Event[]): PlannedFault[] {
  const scheduled = latest(ofKind(events, 'trial.scheduled'))?.body;
  if (combination !== undefined)
    return combination.faults.map((timed) => ({
      fault: timed.fault,
      isCombined: true,
      ...whenOf(timed, scheduled?.injectUs, events),
    }));
  if (fault === undefined) return [];
  const { injectUs, removeUs } = scheduled ?? {};
  const when = injectUs === undefined || removeUs === undefined ? {} : { injectUs, removeUs };
  return [{ fault, isCombined: false, ...when }];
}

function whenOf(
  { fault, atUs, durationUs, upon }: CombinationInPlan['faults'][number],
  firstUs: number | undefined,
  events: readonly Event[],
): Pick<PlannedFault, 'injectUs' | 'removeUs' | 'missed'> {
  if (upon === undefined)
    return firstUs === undefined ? {} : { injectUs: firstUs + atUs, removeUs: firstUs + atUs + durationUs };
  const awaited = latest(ofKind(events, 'fault.awaited').filter(({ body }) => body.fault === fault.name));
  if (awaited === undefined) return {};
  const { startUs } = awaited.body;
  return startUs === undefined ? { missed: upon } : { injectUs: startUs, removeUs: startUs + durationUs };
}
