import { formatDuration } from '../../clock/duration.ts';
import { counted } from '../../errors/counted.ts';
import type { Event } from '../../events/event.ts';
import type { Clocks } from './clocks.ts';
import { latest, ofKind } from './latest.ts';
import type { InjectionFacts, Instants, Missing } from './measures.ts';
import type { PlannedFault } from './planned-faults.ts';

/** Why the attempt itself did not go as it should, so that its numbers say nothing about the system under benchmark. */
export function problemsOfTheRun(events: readonly Event[], rows: number): string[] {
  return [...outcomeProblems(events), ...workloadProblems(events, rows), ...residueProblems(events)];
}

export function missingProblems(missing: readonly Missing[]): string[] {
  return missing.flatMap(({ producer, closed, messages, unannounced }) => {
    if (!closed) return [`"${producer}" has not closed the trial`];
    return [
      ...(messages > 0
        ? [`${counted(messages, 'message')} of "${producer}" ${messages === 1 ? 'is' : 'are'} missing`]
        : []),
      ...(unannounced > 0
        ? [`${counted(unannounced, 'message')} of "${producer}" came that its last word does not know of`]
        : []),
    ];
  });
}

/** Why the faults say nothing about the system's tolerance: one was not there, or nobody knows that it is gone. */
export function faultProblems(
  faults: readonly PlannedFault[],
  injections: readonly InjectionFacts[],
): string[] {
  const active = injections.filter(({ activeUs }) => activeUs !== undefined);
  const failures = injections.flatMap(({ injection, host, failure }) =>
    failure === undefined ? [] : [`the injection ${injection} on ${host} failed during ${failure}`],
  );
  const notClean = active.filter(({ cleanVerified }) => cleanVerified !== true);
  return [
    ...failures,
    ...active.flatMap(shortfalls),
    ...faults.flatMap((planned) => activationProblems(planned, injectionsFor(planned, injections))),
    ...notClean.map(
      ({ injection, host }) => `nothing proves that the injection ${injection} left nothing on ${host}`,
    ),
  ];
}

/** Where the fault was not for all of its time what it was to be. */
function shortfalls(facts: InjectionFacts): string[] {
  const { injection, host, oneShot, endedBecause, hostBootedAnew, appliedVerified } = facts;
  const isCutShort =
    !oneShot && !hostBootedAnew && endedBecause !== undefined && !orderly.includes(endedBecause);
  return [
    ...(appliedVerified === false
      ? [`the injection ${injection} was read back on ${host} and was not there as asked for`]
      : []),
    ...(isCutShort
      ? [`the injection ${injection} on ${host} was cut short: ${cutShort[endedBecause] ?? endedBecause}`]
      : []),
  ];
}

/** When its time was over; or with its container, as the campaign has it. */
const orderly = ['deadline', 'target-gone'];

const cutShort: Readonly<Record<string, string>> = {
  stopped: 'somebody stopped it',
  recovered: 'its agent was started anew and took it away',
  failed: 'its apply failed',
};

/** True where each of the faults was activated, false where one was not. */
export function activationOf(
  faults: readonly PlannedFault[],
  injections: readonly InjectionFacts[],
): boolean | 'unknown' {
  const found = faults.map((planned) => isActivated(injectionsFor(planned, injections)));
  if (found.length === 0 || found.includes(false)) return false;
  return found.includes('unknown') ? 'unknown' : true;
}

/** True where one of its injections had an effect, false where none had. */
function isActivated(injections: readonly InjectionFacts[]): boolean | 'unknown' {
  const found = injections.map(({ activated }) => activated);
  if (found.includes(true)) return true;
  return found.includes('unknown') ? 'unknown' : false;
}

function injectionsFor(
  { fault, isCombined }: PlannedFault,
  injections: readonly InjectionFacts[],
): readonly InjectionFacts[] {
  return isCombined ? injections.filter((injection) => injection.fault === fault.name) : injections;
}

/** A fault of several parts is activated by one of them: that another one touched nothing is worth knowing all the same. */
export function idlePartNotes(
  faults: readonly PlannedFault[],
  injections: readonly InjectionFacts[],
): string[] {
  if (activationOf(faults, injections) !== true) return [];
  return injections.flatMap(({ injection, host, activated }) =>
    activated === false ? [`the injection ${injection} on ${host} touched nothing`] : [],
  );
}

/** A service that was ill before anything was done to it. */
export function healthProblems(
  events: readonly Event[],
  clocks: Clocks,
  instants: Instants | undefined,
): string[] {
  const checks = ofKind(events, 'service.checked').filter((event) => {
    const checked = clocks.of(event)?.toReference(event.monoUs);
    return checked === undefined || instants === undefined || checked.atUs < instants.injectUs;
  });
  const last = latest(checks);
  return last === undefined || last.body.healthy
    ? []
    : [`the service was not healthy before the trial: ${last.body.found}`];
}

function activationProblems(
  { fault, isCombined, missed }: PlannedFault,
  injections: readonly InjectionFacts[],
): string[] {
  const subject = isCombined ? `the fault "${fault.name}"` : 'the fault';
  const planned = fault.targets.length;
  const active = injections.filter(({ activeUs }) => activeUs !== undefined).length;
  if (missed !== undefined) {
    const within = formatDuration(missed.withinUs);
    return [`${subject} did not begin: nothing that means ${missed.means} was noticed within ${within}`];
  }
  if (active === 0) return [`${subject} was never active`];
  const missing = active < planned ? [`${subject} was active on ${active} of its ${planned} targets`] : [];
  switch (isActivated(injections)) {
    case true:
      return missing;
    case false:
      return [...missing, `${subject} was not activated: it touched nothing`];
    case 'unknown':
      return [
        ...missing,
        `nobody knows whether ${subject} was activated: the counter of its effects was lost`,
      ];
  }
}

function outcomeProblems(events: readonly Event[]): string[] {
  const ended = latest(ofKind(events, 'trial.ended'))?.body;
  if (ended === undefined) return ['the trial has not ended'];
  if (ended.outcome === 'completed') return [];
  return [`the trial was ${ended.outcome}${ended.reason === undefined ? '' : `: ${ended.reason}`}`];
}

function workloadProblems(events: readonly Event[], rows: number): string[] {
  const ended = ofKind(events, 'workload.ended');
  const failures = ended.flatMap(({ host, body }) =>
    body.failed === undefined ? [] : [`the workload on ${host} failed: ${body.failed}`],
  );
  const announced = ended.reduce((sum, { body }) => sum + body.rows, 0);
  return [
    ...failures,
    ...(ended.length === 0 ? ['the workload has not ended'] : []),
    ...(rows === 0 ? ['there is no sample'] : []),
    ...(ended.length > 0 && rows > 0 && rows !== announced
      ? [`there are ${rows} samples where the workload announced ${announced}`]
      : []),
  ];
}

function residueProblems(events: readonly Event[]): string[] {
  const lines = ofKind(events, 'host.checked')
    .filter(({ body }) => body.residue.length > 0)
    .map(({ host, body }) => `residue on ${host}: ${body.residue.join('; ')}`);
  return [...new Set(lines)];
}
