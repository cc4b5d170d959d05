import { latency, sentLatency, successLatency } from './latency.ts';
import type { Failures, Instants, ServiceWindows, WindowMeasures } from './measures.ts';
import type { Request } from './request.ts';
import { throughput } from './throughput.ts';

/** Before [start, injected), during [injected, removed), after [removed, end]. */
export function serviceWindows(requests: readonly Request[], instants: Instants): ServiceWindows {
  const { startUs, injectUs, removeUs, endUs } = instants;
  const within = (fromUs: number, isIn: (atUs: number) => boolean): Request[] =>
    requests.filter(({ intendedUs }) => intendedUs >= fromUs && isIn(intendedUs));
  return {
    before: measureWindow(
      within(startUs, (atUs) => atUs < injectUs),
      startUs,
      injectUs,
    ),
    during: measureWindow(
      within(injectUs, (atUs) => atUs < removeUs),
      injectUs,
      removeUs,
    ),
    after: windowUntil(requests, removeUs, endUs),
  };
}

/** From an instant to the end of the trial, both included. */
export function windowUntil(requests: readonly Request[], fromUs: number, endUs: number): WindowMeasures {
  const within = requests.filter(({ intendedUs }) => intendedUs >= fromUs && intendedUs <= endUs);
  return measureWindow(within, fromUs, endUs);
}

function measureWindow(requests: readonly Request[], fromUs: number, toUs: number): WindowMeasures {
  return {
    fromUs,
    toUs,
    requests: requests.length,
    failed: failures(requests),
    latency: latency(requests),
    successLatency: successLatency(requests),
    sentLatency: sentLatency(requests),
    throughputPerS: throughput(requests, toUs - fromUs),
  };
}

function failures(requests: readonly Request[]): Failures {
  const failed = { timeout: 0, refused: 0, error: 0, wrong: 0 };
  for (const { outcome } of requests) if (outcome !== 'ok') failed[outcome] += 1;
  return failed;
}
