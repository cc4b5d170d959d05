import type { Definition } from '../../campaign/definition.ts';
import { degradation } from './degradation.ts';
import { isHarmed } from './harm.ts';
import type { FaultResponse, Latency, Notice } from './infrastructure-measures.ts';
import { every, not, type Maybe } from './maybe.ts';
import type { Degradation, Instants, ServiceMeasures, WindowMeasures } from './measures.ts';

/** What is known of one trial in which the fault was there. */
export interface Trial {
  /** The lines from the injection on that may be about the fault, in their order. */
  readonly notices: readonly Notice[];
  readonly instants: Instants;
  /** In the reference clock, give or take; absent where it is not known. */
  readonly firstEffect?: Instant;
  /** A fault that is over at once has no removal that could heal anything. */
  readonly oneShot: boolean;
  readonly service: ServiceMeasures | undefined;
  readonly degradation: Degradation;
  /** The window from an instant to the end of the trial. */
  readonly windowFrom: (fromUs: number) => WindowMeasures | undefined;
  /** Why a detection, or a recovery, may have been there and not been seen. */
  readonly blindTo: { readonly detections: readonly string[]; readonly recoveries: readonly string[] };
}

interface Instant {
  readonly atUs: number;
  readonly errorUs: number;
}

/** Of fewer than ten the 90th percentile is their maximum. */
const requestsAtLeast = 10;

export function responseOf(trial: Trial, definition: Definition): FaultResponse {
  const { notices, instants, firstEffect, service, blindTo } = trial;
  const harmed = isHarmed(service, trial.degradation);
  const detection = notices.find(({ means }) => means === 'detection');
  if (detection === undefined) {
    const repaired = blindTo.detections.length > 0 ? 'unknown' : false;
    const removal = { atUs: instants.removeUs, errorUs: instants.errorUs };
    const late = notices.filter(
      (notice) => notice.means === 'recovery-done' && !isSurelyBefore(notice, removal),
    );
    const healedOnRemoval = every(not(repaired), isHealed(trial, late));
    return { ...nothingRepaired(repaired), detected: repaired, harmed, healedOnRemoval };
  }
  // What was not seen may have come before, and a line without a stamp was written before it was read.
  const isFirst = blindTo.detections.length === 0;
  const since = (instant: Instant): Latency => latency(instant, detection, isFirst && detection.stamped);
  return {
    detected: true,
    detection,
    ...(firstEffect === undefined ? {} : { latencyFromEffect: since(firstEffect) }),
    latencyFromInjection: since({ atUs: instants.injectUs, errorUs: instants.errorUs }),
    harmed,
    ...recoveryOf(trial, detection, isFirst, definition),
  };
}

type Recovery = Omit<
  FaultResponse,
  'detected' | 'detection' | 'latencyFromEffect' | 'latencyFromInjection' | 'harmed'
>;

function recoveryOf(trial: Trial, detection: Notice, isFirst: boolean, definition: Definition): Recovery {
  const { notices, instants, oneShot, blindTo } = trial;
  const later = notices.filter((notice) => !isSurelyBefore(notice, detection));
  const dones = later.filter(({ means }) => means === 'recovery-done');
  const begunBefore = (done: Notice): Notice | undefined =>
    later.find((notice) => notice.means === 'recovery-begun' && !isSurelyBefore(done, notice));
  const removal = { atUs: instants.removeUs, errorUs: instants.errorUs };
  const isRepair = (done: Notice): boolean =>
    oneShot || isSurelyBefore(done, removal) || begunBefore(done) !== undefined;
  const repairs = dones.filter(isRepair);
  // A process that runs again is not yet a server that is asked again: the repair is done when the service is what it was, if it ever is.
  const done = repairs.find((repair) => isRestored(trial, repair, definition) === true) ?? repairs[0];
  if (done === undefined) {
    const repaired = blindTo.recoveries.length > 0 ? 'unknown' : false;
    return { ...nothingRepaired(repaired), healedOnRemoval: every(not(repaired), isHealed(trial, dones)) };
  }
  const begun = begunBefore(done);
  const took = latency(detection, done, true);
  const inTime = isFirst ? isWithin(detection, done, definition.recoveryWithinUs) : 'unknown';
  const restored = isRestored(trial, done, definition);
  return {
    repaired: true,
    inTime,
    restored,
    recovered: every(inTime, restored),
    by: (begun ?? done).by,
    ...(begun === undefined ? {} : { begun }),
    done,
    recoveryLatency: took,
    healedOnRemoval: false,
  };
}

function nothingRepaired(repaired: Maybe): Omit<Recovery, 'healedOnRemoval'> {
  return { repaired, inTime: repaired, restored: repaired, recovered: repaired };
}

/** The service came back, or was said to be back, when the fault was no longer there. */
function isHealed({ oneShot, service, instants }: Trial, dones: readonly Notice[]): Maybe {
  if (oneShot) return false;
  if (dones.length > 0) return true;
  if (service === undefined) return 'unknown';
  const { outages, recovered, unknownUs } = service.unavailability;
  const last = outages.at(-1);
  if (last === undefined) return unknownUs > 0 ? 'unknown' : false;
  return recovered && last.toUs >= instants.removeUs;
}

function isRestored({ service, windowFrom }: Trial, done: Notice, { tolerance }: Definition): Maybe {
  const after = windowFrom(done.atUs);
  if (service === undefined || after === undefined || after.requests < requestsAtLeast) return 'unknown';
  return not(degradation({ ...service, after }, undefined, tolerance).degraded);
}

function isWithin(from: Instant, to: Instant, limitUs: number): Maybe {
  const [us, errorUs] = [to.atUs - from.atUs, to.errorUs + from.errorUs];
  if (us + errorUs <= limitUs) return true;
  return us - errorUs > limitUs ? false : 'unknown';
}

/** Below its own error, or where it may have been earlier, all that is known is how long it was at the most. */
function latency(from: Instant, to: Instant, isThen: boolean): Latency {
  const [us, errorUs] = [to.atUs - from.atUs, to.errorUs + from.errorUs];
  const isBound = us < errorUs || !isThen;
  return { us: isBound ? Math.max(0, us) + errorUs : us, errorUs, isBound };
}

export function isSurelyBefore(one: Instant, other: Instant): boolean {
  return one.atUs + one.errorUs < other.atUs - other.errorUs;
}
