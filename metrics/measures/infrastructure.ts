import type { Definition, Rule } from '../../campaign/definition.ts';
import type { Event } from '../../events/event.ts';
import { blindness, missingLines } from './blindness.ts';
import type { Clocks } from './clocks.ts';
import { mayBeAbout } from './components.ts';
import type { FaultResponse, Notice, TrialInfrastructure } from './infrastructure-measures.ts';
import type {
  Degradation,
  InjectionFacts,
  Instants,
  Missing,
  ServiceMeasures,
  WindowMeasures,
} from './measures.ts';
import { noticesOf } from './notices.ts';
import { isSurelyBefore, responseOf } from './response.ts';

export interface WatchedTrial {
  readonly events: readonly Event[];
  readonly definition: Definition;
  readonly clocks: Clocks;
  readonly missing: readonly Missing[];
  /** Absent in a golden run. */
  readonly fault?: {
    readonly targets: readonly string[];
    readonly activated: boolean | 'unknown';
    readonly injections: readonly InjectionFacts[];
  };
  readonly instants: Instants | undefined;
  readonly service: ServiceMeasures | undefined;
  readonly degradation: Degradation;
  readonly windowFrom: (fromUs: number) => WindowMeasures | undefined;
}

/** What the infrastructure said in one trial, by the campaign's rules. */
export function measureInfrastructure(trial: WatchedTrial): TrialInfrastructure {
  const { events, definition, clocks, fault, instants } = trial;
  const notices = noticesOf(events, definition, clocks);
  const detections = notices.filter(({ means }) => means === 'detection');
  const { blindTo, unknownBecause } = blindnessOf(trial);
  if (fault === undefined || fault.activated === false) {
    // There is no fault that a line could be about.
    return {
      unknownBecause,
      ...(fault === undefined ? {} : { response: sameOfAll(false) }),
      falsePositives: detections,
      wrongComponents: [],
    };
  }
  if (instants === undefined) {
    return {
      unknownBecause: [...unknownBecause, 'nobody knows when the fault was there'],
      response: sameOfAll('unknown'),
      falsePositives: [],
      wrongComponents: [],
    };
  }
  const injected = { atUs: instants.injectUs, errorUs: instants.errorUs };
  const isEarly = (notice: Notice): boolean => isSurelyBefore(notice, injected);
  const isWrong = ({ names }: Notice): boolean => names !== undefined && !mayBeAbout(names, fault.targets);
  const own = notices.filter((notice) => !isEarly(notice) && !isWrong(notice));
  const response = responseOf(
    {
      ...trial,
      notices: own,
      instants,
      ...firstEffectOf(fault.injections),
      oneShot: fault.injections.every(({ oneShot }) => oneShot),
      blindTo,
    },
    definition,
  );
  const doubts = doubtsOf(response, blindTo.detections.length === 0);
  return {
    unknownBecause: [...unknownBecause, ...doubts],
    response,
    falsePositives: detections.filter(isEarly),
    wrongComponents: detections.filter((notice) => !isEarly(notice) && isWrong(notice)),
  };
}

function blindnessOf({ events, definition, clocks, missing, fault, instants }: WatchedTrial) {
  const lost = missingLines(missing);
  const rulesFor = (...meanings: readonly string[]): readonly Rule[] =>
    definition.rules.filter(({ means }) => meanings.includes(means));
  const detectionRules = rulesFor('detection');
  // Without what tells of its end, no recovery is known.
  const recoveryRules =
    rulesFor('recovery-done').length === 0 ? [] : rulesFor('recovery-begun', 'recovery-done');
  const detections = [...blindness(events, detectionRules, 'detection', clocks, instants), ...lost];
  const recoveries = [...blindness(events, recoveryRules, 'recovery', clocks, instants), ...lost];
  return {
    blindTo: { detections, recoveries },
    unknownBecause: [...new Set([...detections, ...(fault === undefined ? [] : recoveries)])],
  };
}

/** What the lines alone do not decide. */
function doubtsOf({ repaired, inTime, restored }: FaultResponse, isFirst: boolean): string[] {
  if (repaired !== true) return [];
  return [
    ...(inTime === 'unknown' && isFirst
      ? ['by the error of the instants alone, the repair may have been in time or not']
      : []),
    ...(restored === 'unknown'
      ? ['too little was sent after the repair to know what the service was then like']
      : []),
  ];
}

/** The earliest of all injections; not known where one of them has effects and does not know their first. */
function firstEffectOf(injections: readonly InjectionFacts[]) {
  const active = injections.filter(({ activated }) => activated !== false);
  const known = active.flatMap(({ firstEffectUs, errorUs }) =>
    firstEffectUs === undefined ? [] : [{ atUs: firstEffectUs, errorUs: errorUs ?? 0 }],
  );
  const [first] = known.toSorted((a, b) => a.atUs - b.atUs);
  return first === undefined || known.length < active.length ? {} : { firstEffect: first };
}

function sameOfAll(all: false | 'unknown'): FaultResponse {
  return {
    detected: all,
    harmed: all,
    repaired: all,
    inTime: all,
    restored: all,
    recovered: all,
    healedOnRemoval: all,
  };
}

/** What is worth knowing of it and decides nothing. */
export function infrastructureNotes(
  { response, wrongComponents, falsePositives }: TrialInfrastructure,
  instants: Instants | undefined,
): string[] {
  const detection = response?.detection;
  const removed = instants && { atUs: instants.removeUs, errorUs: instants.errorUs };
  const isLate = detection !== undefined && removed !== undefined && isSurelyBefore(removed, detection);
  const nameless = [detection, ...wrongComponents, ...falsePositives].flatMap((notice) =>
    notice?.component !== undefined && notice.names === undefined ? [notice.component] : [],
  );
  return [
    ...(isLate ? ['the fault was detected only after it had been removed'] : []),
    ...[...new Set(nameless)].map(
      (name) => `the components of the campaign do not say what "${name}" is; it was taken for the target`,
    ),
  ];
}
