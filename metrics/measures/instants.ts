import type { Event } from '../../events/event.ts';
import type { TrialInPlan } from './attempt.ts';
import { latest, ofKind } from './latest.ts';
import type { InjectionFacts, Instants } from './measures.ts';
import type { PlannedFault } from './planned-faults.ts';

export interface FoundInstants {
  readonly instants?: Instants;
  /** Why they are not what they should be. */
  readonly problems: readonly string[];
}

/**
 * A golden run has the planned instants. A fault, or several, were injected when the first of all injections was active, and removed when the last one was
 * reverted; one that is over at once is removed after the planned duration. What cannot be known is as planned, and a problem says so.
 */
export function findInstants(
  events: readonly Event[],
  trial: TrialInPlan,
  faults: readonly PlannedFault[],
  injections: readonly InjectionFacts[],
): FoundInstants {
  const scheduled = latest(ofKind(events, 'trial.scheduled'))?.body;
  if (scheduled === undefined) return { problems: ['the trial was never scheduled'] };
  const planned: Instants = {
    startUs: scheduled.injectUs - trial.timeline.beforeUs,
    injectUs: scheduled.injectUs,
    removeUs: scheduled.removeUs,
    endUs: scheduled.endUs,
    errorUs: 0,
  };
  if (faults.length === 0) return { instants: planned, problems: [] };
  const begun = known(injections.map(({ activeUs }) => activeUs));
  if (begun.length === 0) return { instants: planned, problems: [] };
  const active = injections.filter(({ activeUs }) => activeUs !== undefined);
  const removed = known(
    active.map(({ fault, oneShot, activeUs, revertedUs }) =>
      oneShot && activeUs !== undefined ? activeUs + durationOf(fault, faults, planned) : revertedUs,
    ),
  );
  const isRemoved = removed.length === active.length;
  const removeUs = isRemoved ? Math.max(...removed) : planned.removeUs;
  const problems = [
    ...(isRemoved ? [] : ['nothing says when the fault was removed']),
    ...(removeUs > planned.endUs ? ['the fault was still there at the end of the trial'] : []),
  ];
  const errorUs = Math.max(0, ...known(active.map((injection) => injection.errorUs)));
  return { instants: { ...planned, injectUs: Math.min(...begun), removeUs, errorUs }, problems };
}

function durationOf(name: string | undefined, faults: readonly PlannedFault[], planned: Instants): number {
  const own = faults.find(({ fault }) => fault.name === name);
  const { injectUs = planned.injectUs, removeUs = planned.removeUs } = own ?? {};
  return removeUs - injectUs;
}

function known(values: readonly (number | undefined)[]): number[] {
  return values.filter((value) => value !== undefined);
}
