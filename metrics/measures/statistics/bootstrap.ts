import { seeded } from '../../../injectors/seeded.ts';
import type { Interval } from './interval.ts';
import { nearestRank } from './nearest-rank.ts';

/** Fifty of them lie beyond each end of the interval. */
const resamples = 2000;

/** The 95% percentile interval of a statistic: what it comes to in samples that are drawn from the sample, with replacement. The seed fixes the draws. */
export function bootstrap<Item>(
  items: readonly Item[],
  statistic: (resample: readonly Item[]) => number,
  seed: number,
): Interval {
  const random = seeded(seed, 'bootstrap');
  const found = new Float64Array(resamples);
  for (let index = 0; index < resamples; index += 1) found[index] = statistic(resample(items, random));
  found.sort();
  const at = (percent: number): number => found[nearestRank(resamples, percent)] ?? NaN;
  return { low: at(2.5), high: at(97.5) };
}

function resample<Item>(items: readonly Item[], random: () => number): Item[] {
  const drawn: Item[] = [];
  for (let count = items.length; count > 0; count -= 1) {
    const item = items[Math.floor(random() * items.length)];
    if (item !== undefined) drawn.push(item);
  }
  return drawn;
}
