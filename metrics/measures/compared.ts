import type { Compared } from './comparison-measures.ts';
import type { Percentile, TrialMeasures } from './measures.ts';

export const compared: readonly Compared[] = ['l50', 'l90', 'throughput', 'unavailability'];

/** A measure of one trial as a number that can be put in order with others: Infinity where it failed, undefined where it is not known. */
export function comparedValue({ service }: TrialMeasures, measure: Compared): number | undefined {
  if (service === undefined) return undefined;
  const { after, unavailability } = service;
  switch (measure) {
    case 'l50':
      return ordered(after.latency.l50Us);
    case 'l90':
      return ordered(after.latency.l90Us);
    case 'throughput':
      return ordered(after.throughputPerS);
    case 'unavailability': {
      if (!unavailability.recovered) return Infinity;
      return unavailability.unknownUs > 0 ? undefined : unavailability.us;
    }
  }
}

/** And back again. */
export function percentileOf(value: number | undefined): Percentile {
  if (value === undefined) return 'unknown';
  return value === Infinity ? 'failed' : value;
}

function ordered(percentile: Percentile): number | undefined {
  if (percentile === 'unknown') return undefined;
  return percentile === 'failed' ? Infinity : percentile;
}
