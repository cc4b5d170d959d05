import type { Event } from '../../events/event.ts';
import { compareText } from './canonical.ts';
import type { Clocks } from './clocks.ts';
import { earliest, latest, ofKind } from './latest.ts';
import type { InjectionFacts } from './measures.ts';
import type { PlannedFault } from './planned-faults.ts';

/** What became of each injection of an attempt, in the order of their ids. */
export function injectionFacts(
  events: readonly Event[],
  faults: readonly PlannedFault[],
  clocks: Clocks,
): InjectionFacts[] {
  const byId = new Map<string, Event[]>();
  for (const event of events) {
    if (!('injection' in event.body)) continue;
    const { injection } = event.body;
    byId.set(injection, [...(byId.get(injection) ?? []), event]);
  }
  return [...byId]
    .sort(([a], [b]) => compareText(a, b))
    .flatMap(([injection, own]) => {
      const planned = plannedFor(own, faults);
      return planned === undefined ? [] : [factsOf(injection, own, planned, clocks)];
    });
}

function factsOf(
  injection: string,
  events: readonly Event[],
  { fault, isCombined, injectUs, removeUs }: PlannedFault,
  clocks: Clocks,
): InjectionFacts {
  const staged = latest(ofKind(events, 'injection.staged'));
  const active = earliest(ofKind(events, 'injection.active'));
  const reverted = latest(ofKind(events, 'injection.reverted'));
  const failed = latest(ofKind(events, 'injection.failed'));
  const host = events[0]?.host ?? '';
  const at = (event: Event | undefined, us = event?.monoUs) =>
    event === undefined || us === undefined ? undefined : clocks.of(event)?.toReference(us);
  const touched = (us: number | undefined) => (us === undefined ? undefined : at(reverted, us));
  const oneShot = staged?.body.oneShot ?? false;
  const effects = reverted?.body.effects;
  const endsByItself = oneShot || reverted?.body.because === 'target-gone';
  const hostBootedAnew = isBootedAnew(active, reverted);
  const begun = at(active);
  const ended = at(reverted);
  return {
    injection,
    ...(isCombined ? { fault: fault.name } : {}),
    host,
    mechanism: staged?.body.mechanism ?? fault.mechanism,
    oneShot,
    effects: effects?.count ?? 'unknown',
    effectUnit: staged?.body.effectUnit ?? '',
    activated: active === undefined ? false : isActivated(effects?.count ?? 'unknown', hostBootedAnew),
    ...(effects?.dose === undefined ? {} : { dose: effects.dose }),
    ...given('activeUs', begun?.atUs),
    ...given('appliedUs', active && at(active, active.body.appliedUs)?.atUs),
    ...given('revertedUs', ended?.atUs),
    ...given('firstEffectUs', touched(effects?.firstUs)?.atUs),
    ...given('lastEffectUs', touched(effects?.lastUs)?.atUs),
    ...given('startLateUs', lateness(begun?.atUs, injectUs)),
    // What is over at once, or with its target, has no end that could be late.
    ...given('revertLateUs', endsByItself ? undefined : lateness(ended?.atUs, removeUs)),
    ...given('errorUs', maximum(begun?.errorUs, ended?.errorUs)),
    ...given('endedBecause', reverted?.body.because),
    hostBootedAnew,
    appliedVerified: appliedVerified(events),
    cleanVerified: cleanVerified(events),
    ...given('failure', failed && `${failed.body.during}: ${failed.body.message} (${failed.body.code})`),
  };
}

/** By what it was staged for; of several faults nothing else tells which it was. */
function plannedFor(events: readonly Event[], faults: readonly PlannedFault[]): PlannedFault | undefined {
  const staged = latest(ofKind(events, 'injection.staged'));
  return faults.find(({ fault }) => fault.name === staged?.body.fault) ?? faults[0];
}

/** A counter that was lost is unknown, not zero, whatever was read back; that its host went down is an effect all the same. */
function isActivated(count: number | 'unknown', hostBootedAnew: boolean): boolean | 'unknown' {
  if (count !== 'unknown') return count > 0;
  return hostBootedAnew ? true : 'unknown';
}

function isBootedAnew(active: Event | undefined, reverted: Event | undefined): boolean {
  if (active === undefined || reverted === undefined) return false;
  if (active.boot !== undefined || reverted.boot !== undefined) return active.boot !== reverted.boot;
  // The monotonic clock begins with the boot, so an earlier instant on it says as much.
  return reverted.incarnation !== active.incarnation && reverted.monoUs < active.monoUs;
}

/** It is read back when it was applied, and may be read again until it ends: once not there is not there. */
function appliedVerified(events: readonly Event[]): boolean | 'unknown' {
  const found = verifications(events, 'applied').map(({ body }) => body.holds);
  return found.length === 0 ? 'unknown' : !found.includes(false);
}

function cleanVerified(events: readonly Event[]): boolean | 'unknown' {
  return latest(verifications(events, 'reverted'))?.body.holds ?? 'unknown';
}

function verifications(
  events: readonly Event[],
  expected: 'applied' | 'reverted',
): Event<'injection.verified'>[] {
  return ofKind(events, 'injection.verified').filter(({ body }) => body.expected === expected);
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
