import type { Definition } from '../../campaign/definition.ts';
import type { Instants, Outage, SensitiveUnavailability, Unavailability } from './measures.ts';
import { findOutages } from './outages.ts';
import type { Request } from './request.ts';

type Reference = Pick<Definition['unavailability'], 'windowUs' | 'errorRate'>;

/**
 * The outages in [injected, end]. Requests from before the injection and from beyond the end are looked at too, since windows reach back,
 * and only what was sent beyond the end can show that an outage was over by then.
 */
export function unavailability(
  requests: readonly Request[],
  instants: Instants,
  reference: Reference,
): Unavailability {
  const { injectUs, endUs } = instants;
  const { outages, us, recovered } = outagesWithin(requests, instants, reference);
  const last = outages.at(-1);
  return {
    us,
    recovered,
    unknownUs: unknownTime(requests, instants, reference.windowUs),
    outages,
    longestUs: Math.max(0, ...outages.map(({ fromUs, toUs }) => toUs - fromUs)),
    requestsLost: outages.reduce((lost, outage) => lost + outage.requestsLost, 0),
    resolutionUs: longestGap(requests, injectUs, endUs),
    finalRecoveryUs: !recovered ? 'never' : last === undefined ? 0 : last.toUs - injectUs,
    sensitivity: around(reference).map((other): SensitiveUnavailability => {
      const { us, recovered } = outagesWithin(requests, instants, other);
      return { ...other, us, recovered };
    }),
  };
}

function outagesWithin(
  requests: readonly Request[],
  { injectUs, endUs }: Instants,
  { windowUs, errorRate }: Reference,
): { outages: Outage[]; us: number; recovered: boolean } {
  const stretches = findOutages(requests, windowUs, errorRate).filter(
    ({ fromUs, toUs }) => fromUs < endUs && toUs > injectUs,
  );
  const failures = requests.filter(({ outcome }) => outcome !== 'ok');
  const failed = Float64Array.from(failures, ({ intendedUs }) => intendedUs);
  const outages = stretches.map((stretch) => {
    const fromUs = Math.max(stretch.fromUs, injectUs);
    const toUs = Math.min(stretch.toUs, endUs);
    return { fromUs, toUs, requestsLost: countWithin(failed, fromUs, toUs) };
  });
  return {
    outages,
    us: outages.reduce((sum, { fromUs, toUs }) => sum + (toUs - fromUs), 0),
    recovered: stretches.every(({ toUs }) => toUs <= endUs),
  };
}

/** How many of some instants in their order lie from one to another, both included. */
function countWithin(sorted: Float64Array, fromUs: number, toUs: number): number {
  return firstAfter(sorted, toUs) - firstAfter(sorted, fromUs - 1);
}

/** Instants are whole microseconds. */
function firstAfter(sorted: Float64Array, atUs: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? Infinity) <= atUs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How long, within [injected, end], the window that ends there holds no send at all. */
function unknownTime(requests: readonly Request[], { injectUs, endUs }: Instants, windowUs: number): number {
  let unknownUs = 0;
  let coveredUntilUs = injectUs;
  for (const { intendedUs } of requests) {
    if (intendedUs > endUs) break;
    unknownUs += Math.max(0, intendedUs - coveredUntilUs);
    coveredUntilUs = Math.max(coveredUntilUs, intendedUs + windowUs);
  }
  return unknownUs + Math.max(0, endUs - coveredUntilUs);
}

function longestGap(requests: readonly Request[], injectUs: number, endUs: number): number {
  let longest = 0;
  let beforeUs = injectUs;
  for (const { intendedUs } of requests) {
    if (intendedUs <= injectUs) continue;
    if (intendedUs >= endUs) break;
    longest = Math.max(longest, intendedUs - beforeUs);
    beforeUs = intendedUs;
  }
  return Math.max(longest, endUs - beforeUs);
}

function around({ windowUs, errorRate }: Reference): Reference[] {
  return [0.5, 2].flatMap((factor) => [
    { windowUs: windowUs * factor, errorRate },
    { windowUs, errorRate: errorRate * factor },
  ]);
}
