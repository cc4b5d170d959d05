import type { Event } from '../../events/event.ts';
import type { TrialInPlan } from './attempt.ts';
import { latest, ofKind } from './latest.ts';
import type { InjectionFacts, Instants } from './measures.ts';

export interface FoundInstants {
  readonly instants?: Instants;
  /** Why they are not what they should be. */
  readonly problems: readonly string[];
}

/**
 * A golden run has the planned instants. A fault was injected when the first of its injections was active, and removed when the last one was
 * reverted; one that is over at once is removed after the planned duration. What cannot be known is as planned, and a problem says so.
 */
export function findInstants(
  events: readonly Event[],
  trial: TrialInPlan,
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
  if (trial.fault === undefined) return { instants: planned, problems: [] };
  const begun = known(injections.map(({ activeUs }) => activeUs));
  if (begun.length === 0) return { instants: planned, problems: [] };
  const plannedDurationUs = scheduled.removeUs - scheduled.injectUs;
  const active = injections.filter(({ activeUs }) => activeUs !== undefined);
  const removed = known(
    active.map(({ oneShot, activeUs, revertedUs }) =>
      oneShot && activeUs !== undefined ? activeUs + plannedDurationUs : revertedUs,
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

function known(values: readonly (number | undefined)[]): number[] {
  return values.filter((value) => value !== undefined);
}
