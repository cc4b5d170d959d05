import type { Percentile, Percentiles } from './measures.ts';
import { succeeded, type Requests } from './requests.ts';
import { nearestRank } from './statistics/nearest-rank.ts';

/** What requests felt, by each of three readings. */
export interface Latencies {
  /** From the intended send. A failed request ranks above every success: a fast refusal must not improve a percentile. */
  readonly latency: Percentiles;
  /** Of the successes alone, as the thesis has it. */
  readonly successLatency: Percentiles;
  /** From the actual send, which flatters a service that stalls whoever sends. */
  readonly sentLatency: Percentiles;
}

export function latencies(requests: Requests): Latencies {
  const successes = sortedSuccesses(requests, requests.latencyUs);
  return {
    latency: percentiles(successes, requests.count),
    successLatency: percentiles(successes, successes.length),
    sentLatency: percentiles(sortedSuccesses(requests, requests.sentLatencyUs), requests.count),
  };
}

function sortedSuccesses({ outcome }: Requests, column: Float64Array): Float64Array {
  return column.filter((_, index) => outcome[index] === succeeded).sort();
}

function percentiles(successes: Float64Array, requests: number): Percentiles {
  return { l50Us: ranked(successes, requests, 50), l90Us: ranked(successes, requests, 90) };
}

/** The smallest value that at least so many percent of all requests do not exceed. */
function ranked(successes: Float64Array, requests: number, percent: number): Percentile {
  if (requests === 0) return 'unknown';
  return successes[nearestRank(requests, percent)] ?? 'failed';
}
