import type { Percentile, Percentiles } from './measures.ts';
import type { Request } from './request.ts';
import { nearestRank } from './statistics/nearest-rank.ts';
import { sortedBy } from './statistics/sorted-by.ts';

/** From the intended send. A failed request ranks above every success: a fast refusal must not improve a percentile. */
export function latency(requests: readonly Request[]): Percentiles {
  return percentiles(requests, ({ latencyUs }) => latencyUs);
}

/** From the actual send, which flatters a service that stalls whoever sends. */
export function sentLatency(requests: readonly Request[]): Percentiles {
  return percentiles(requests, ({ sentLatencyUs }) => sentLatencyUs);
}

/** Of the successes alone, as the thesis has it. */
export function successLatency(requests: readonly Request[]): Percentiles {
  return latency(requests.filter(({ outcome }) => outcome === 'ok'));
}

function percentiles(requests: readonly Request[], of: (request: Request) => number): Percentiles {
  const sorted = sortedBy(
    requests.filter(({ outcome }) => outcome === 'ok'),
    of,
  );
  return {
    l50Us: ranked(sorted, requests.length, 50),
    l90Us: ranked(sorted, requests.length, 90),
  };
}

/** The smallest value that at least so many percent of all requests do not exceed. */
function ranked(successes: Float64Array, requests: number, percent: number): Percentile {
  if (requests === 0) return 'unknown';
  return successes[nearestRank(requests, percent)] ?? 'failed';
}
