import type { Event } from '../../events/event.ts';
import type { FaultInPlan } from './attempt.ts';
import { compareText } from './canonical.ts';
import type { Clocks } from './clocks.ts';
import { latest, ofKind } from './latest.ts';
import type { InjectionFacts } from './measures.ts';

interface Schedule {
  readonly injectUs: number;
  readonly removeUs: number;
}

/** What became of each injection of an attempt, in the order of their ids. */
export function injectionFacts(
  events: readonly Event[],
  fault: FaultInPlan,
  clocks: Clocks,
  planned: Schedule | undefined,
): InjectionFacts[] {
  const byId = new Map<string, Event[]>();
  for (const event of events) {
    if (!('injection' in event.body)) continue;
    const { injection } = event.body;
    byId.set(injection, [...(byId.get(injection) ?? []), event]);
  }
  return [...byId]
    .sort(([a], [b]) => compareText(a, b))
    .map(([injection, own]) => factsOf(injection, own, fault, clocks, planned));
}

function factsOf(
  injection: string,
  events: readonly Event[],
  fault: FaultInPlan,
  clocks: Clocks,
  planned: Schedule | undefined,
): InjectionFacts {
  const staged = latest(ofKind(events, 'injection.staged'));
  const active = earliest(ofKind(events, 'injection.active'));
  const reverted = latest(ofKind(events, 'injection.reverted'));
  const failed = latest(ofKind(events, 'injection.failed'));
  const host = events[0]?.host ?? '';
  const at = (us: number | undefined) => (us === undefined ? undefined : clocks.of(host)?.toReference(us));
  const oneShot = staged?.body.oneShot ?? false;
  const effects = reverted?.body.effects;
  const appliedVerified = verified(events, 'applied');
  const begun = at(active?.monoUs);
  const ended = at(reverted?.monoUs);
  return {
    injection,
    host,
    mechanism: staged?.body.mechanism ?? fault.mechanism,
    oneShot,
    effects: effects?.count ?? 'unknown',
    effectUnit: staged?.body.effectUnit ?? '',
    activated: active === undefined ? false : isActivated(effects?.count ?? 'unknown', appliedVerified),
    ...(effects?.dose === undefined ? {} : { dose: effects.dose }),
    ...given('activeUs', begun?.atUs),
    ...given('appliedUs', at(active?.body.appliedUs)?.atUs),
    ...given('revertedUs', ended?.atUs),
    ...given('firstEffectUs', at(effects?.firstUs)?.atUs),
    ...given('lastEffectUs', at(effects?.lastUs)?.atUs),
    ...given('startLateUs', lateness(begun?.atUs, planned?.injectUs)),
    // What is over at once has no end that could be late.
    ...given('revertLateUs', oneShot ? undefined : lateness(ended?.atUs, planned?.removeUs)),
    ...given('errorUs', maximum(begun?.errorUs, ended?.errorUs)),
    ...given('endedBecause', reverted?.body.because),
    appliedVerified,
    cleanVerified: verified(events, 'reverted'),
    ...given('failure', failed && `${failed.body.during}: ${failed.body.message} (${failed.body.code})`),
  };
}

/** A counter that was lost with its target is unknown, not zero; the kernel read back as asked for is then the effect. */
function isActivated(count: number | 'unknown', appliedVerified: boolean | 'unknown'): boolean | 'unknown' {
  if (count !== 'unknown') return count > 0;
  return appliedVerified === true ? true : 'unknown';
}

function verified(events: readonly Event[], expected: 'applied' | 'reverted'): boolean | 'unknown' {
  const all = ofKind(events, 'injection.verified').filter(({ body }) => body.expected === expected);
  return latest(all)?.body.holds ?? 'unknown';
}

function earliest<Some extends Event>(events: readonly Some[]): Some | undefined {
  return events.toSorted((a, b) => a.monoUs - b.monoUs)[0];
}

function lateness(atUs: number | undefined, plannedUs: number | undefined): number | undefined {
  return atUs === undefined || plannedUs === undefined ? undefined : atUs - plannedUs;
}

function maximum(...values: (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

function given<Key extends string, Value>(key: Key, value: Value | undefined): Partial<Record<Key, Value>> {
  const record: Partial<Record<Key, Value>> = {};
  if (value !== undefined) record[key] = value;
  return record;
}
