import { outcomes, type Outcome } from '../../events/sample-columns.ts';
import type { Clocks, HostClock } from './clocks.ts';
import { picked } from './picked.ts';
import type { Rows } from './rows.ts';

/** Requests as the measures see them, column by column, in the order of their intended sends: where each belongs in the reference clock, and how long it took. */
export interface Requests {
  readonly count: number;
  /** The instant that each was meant to be sent at, which it belongs to in every measure. */
  readonly intendedUs: Float64Array;
  /** From the intended send to the answer, or to when the failure was known. */
  readonly latencyUs: Float64Array;
  readonly sentLatencyUs: Float64Array;
  /** Index into `classes`, which are in the order of their names. */
  readonly requestClass: Uint16Array;
  readonly classes: readonly string[];
  /** Index into `outcomes`. */
  readonly outcome: Uint8Array;
}

export interface ClockedRequests {
  readonly requests: Requests;
  /** Their instants are right to within so much. */
  readonly errorUs: number;
}

/** The code of what is no failure. */
export const succeeded = outcomes.indexOf('ok');

/** Undefined where the clock of a host that sent some of them was never read. */
export function requestsOf(rows: Rows, clocks: Clocks): ClockedRequests | undefined {
  const { origins, origin, classes, requestClass, outcome } = rows;
  const ownClocks = origins.map((one) => clocks.of(one));
  const isKnown = (clock: HostClock | undefined): clock is HostClock => clock !== undefined;
  if (!ownClocks.every(isKnown)) return undefined;
  const count = origin.length;
  const intendedUs = new Float64Array(count);
  const latencyUs = new Float64Array(count);
  const sentLatencyUs = new Float64Array(count);
  let errorUs = 0;
  let isInOrder = true;
  for (let index = 0; index < count; index += 1) {
    const [intended = 0, sent = 0, answered = 0] = [
      rows.intendedUs[index],
      rows.sentUs[index],
      rows.answeredUs[index],
    ];
    const instant = ownClocks[origin[index] ?? 0]?.toReference(intended);
    if (instant === undefined) return undefined;
    errorUs = Math.max(errorUs, instant.errorUs);
    intendedUs[index] = instant.atUs;
    latencyUs[index] = answered - intended;
    sentLatencyUs[index] = answered - sent;
    isInOrder &&= index === 0 || (intendedUs[index - 1] ?? 0) <= instant.atUs;
  }
  const requests = { count, intendedUs, latencyUs, sentLatencyUs, requestClass, classes, outcome };
  return { requests: isInOrder ? requests : inOrder(requests), errorUs };
}

/** From one place in their order up to, not including, another; the memory is shared. */
export function rangeOf(requests: Requests, from: number, to: number): Requests {
  const intendedUs = requests.intendedUs.subarray(from, to);
  return {
    count: intendedUs.length,
    intendedUs,
    latencyUs: requests.latencyUs.subarray(from, to),
    sentLatencyUs: requests.sentLatencyUs.subarray(from, to),
    requestClass: requests.requestClass.subarray(from, to),
    classes: requests.classes,
    outcome: requests.outcome.subarray(from, to),
  };
}

/** Of each class that there is a request of, in the order of their names. */
export function byClass(requests: Requests): { requestClass: string; requests: Requests }[] {
  return requests.classes.flatMap((requestClass, place) => {
    const own: number[] = [];
    for (const [index, of] of requests.requestClass.entries()) if (of === place) own.push(index);
    return own.length === 0 ? [] : [{ requestClass, requests: pick(requests, own) }];
  });
}

/** How many had each outcome. */
export function outcomeCounts({ outcome }: Requests): Record<Outcome, number> {
  const counts = new Array<number>(outcomes.length).fill(0);
  for (const code of outcome) counts[code] = (counts[code] ?? 0) + 1;
  const [ok = 0, timeout = 0, refused = 0, error = 0, wrong = 0] = counts;
  return { ok, timeout, refused, error, wrong };
}

/** Those of one instant stay in the canonical order of their rows. */
function inOrder(requests: Requests): Requests {
  const { intendedUs } = requests;
  const places = Uint32Array.from(intendedUs.keys());
  return pick(
    requests,
    places.sort((a, b) => (intendedUs[a] ?? 0) - (intendedUs[b] ?? 0) || a - b),
  );
}

function pick(requests: Requests, places: ArrayLike<number>): Requests {
  return {
    count: places.length,
    intendedUs: picked(requests.intendedUs, places),
    latencyUs: picked(requests.latencyUs, places),
    sentLatencyUs: picked(requests.sentLatencyUs, places),
    requestClass: picked(requests.requestClass, places),
    classes: requests.classes,
    outcome: picked(requests.outcome, places),
  };
}
