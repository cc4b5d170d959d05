import type { Definition } from '../../campaign/definition.ts';
import type { Instants, Outage, SensitiveUnavailability, Unavailability } from './measures.ts';
import { findOutages } from './outages.ts';
import { succeeded, type Requests } from './requests.ts';
import { firstAfter, firstFrom } from './sorted-instants.ts';

type Reference = Pick<Definition['unavailability'], 'windowUs' | 'errorRate'>;

/**
 * The outages in [injected, end]. Requests from before the injection and from beyond the end are looked at too, since windows reach back,
 * and only what was sent beyond the end can show that an outage was over by then.
 */
export function unavailability(requests: Requests, instants: Instants, reference: Reference): Unavailability {
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
  requests: Requests,
  { injectUs, endUs }: Instants,
  { windowUs, errorRate }: Reference,
): { outages: Outage[]; us: number; recovered: boolean } {
  const stretches = findOutages(requests, windowUs, errorRate).filter(
    ({ fromUs, toUs }) => fromUs < endUs && toUs > injectUs,
  );
  const failed = requests.intendedUs.filter((_, index) => requests.outcome[index] !== succeeded);
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
  return firstAfter(sorted, toUs) - firstFrom(sorted, fromUs);
}

/** How long, within [injected, end], the window that ends there holds no send at all. */
function unknownTime(
  { intendedUs: sendsUs }: Requests,
  { injectUs, endUs }: Instants,
  windowUs: number,
): number {
  let unknownUs = 0;
  let coveredUntilUs = injectUs;
  for (const intendedUs of sendsUs) {
    if (intendedUs > endUs) break;
    unknownUs += Math.max(0, intendedUs - coveredUntilUs);
    coveredUntilUs = Math.max(coveredUntilUs, intendedUs + windowUs);
  }
  return unknownUs + Math.max(0, endUs - coveredUntilUs);
}

function longestGap({ intendedUs: sendsUs }: Requests, injectUs: number, endUs: number): number {
  let longest = 0;
  let beforeUs = injectUs;
  for (const intendedUs of sendsUs) {
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
