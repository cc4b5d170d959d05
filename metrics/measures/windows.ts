import { latencies } from './latency.ts';
import type { Instants, ServiceWindows, WindowMeasures } from './measures.ts';
import { outcomeCounts, rangeOf, type Requests } from './requests.ts';
import { firstAfter, firstFrom } from './sorted-instants.ts';
import { throughput } from './throughput.ts';

/** Before [start, injected), during [injected, removed), after [removed, end]. */
export function serviceWindows(requests: Requests, instants: Instants): ServiceWindows {
  const { startUs, injectUs, removeUs, endUs } = instants;
  return {
    before: windowBefore(requests, startUs, injectUs),
    during: windowBefore(requests, injectUs, removeUs),
    after: windowUntil(requests, removeUs, endUs),
  };
}

/** From an instant up to, not including, another. */
function windowBefore(requests: Requests, fromUs: number, toUs: number): WindowMeasures {
  const { intendedUs } = requests;
  const within = rangeOf(requests, firstFrom(intendedUs, fromUs), firstFrom(intendedUs, toUs));
  return measureWindow(within, fromUs, toUs);
}

/** From an instant to the end of the trial, both included. */
export function windowUntil(requests: Requests, fromUs: number, endUs: number): WindowMeasures {
  const { intendedUs } = requests;
  const within = rangeOf(requests, firstFrom(intendedUs, fromUs), firstAfter(intendedUs, endUs));
  return measureWindow(within, fromUs, endUs);
}

function measureWindow(requests: Requests, fromUs: number, toUs: number): WindowMeasures {
  const { ok, ...failed } = outcomeCounts(requests);
  return {
    fromUs,
    toUs,
    requests: requests.count,
    failed,
    ...latencies(requests),
    throughputPerS: throughput(ok, toUs - fromUs),
  };
}
