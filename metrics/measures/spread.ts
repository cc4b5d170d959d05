import { compared, comparedValue, percentileOf } from './compared.ts';
import type { Bounded, Compared, Spread } from './comparison-measures.ts';
import type { TrialMeasures } from './measures.ts';
import { percentile } from './statistics/nearest-rank.ts';
import { percentileInterval } from './statistics/percentile-interval.ts';

/** How each measure is spread over the valid trials of a group. */
export function spreadsOf(valid: readonly TrialMeasures[]): Spread[] {
  return compared.map((measure) => {
    const values = valid.flatMap((trial) => comparedValue(trial, measure) ?? []);
    return {
      measure,
      n: values.length,
      median: bounded(values, 50, measure),
      nineOfTen: bounded(values, 90, measure),
      worst: bounded(values, 100, measure).value,
    };
  });
}

/** Counted from the better side: a throughput is the worse the lower it is. */
function bounded(values: readonly number[], percent: number, measure: Compared): Bounded {
  const sign = measure === 'throughput' ? -1 : 1;
  const signed = values.map((value) => sign * value);
  const { low, high } = percentileInterval(signed, percent) ?? {};
  const back = (value: number | undefined) => percentileOf(value === undefined ? value : sign * value);
  const [least, most] = sign === 1 ? [low, high] : [high, low];
  return { value: back(percentile(signed, percent)), low: back(least), high: back(most) };
}
