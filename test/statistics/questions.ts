import { seeded } from '../../injectors/seeded.ts';
import { bootstrap } from '../../metrics/measures/statistics/bootstrap.ts';
import { clopperPearson } from '../../metrics/measures/statistics/clopper-pearson.ts';
import { fisherExact } from '../../metrics/measures/statistics/fisher.ts';
import { kaplanMeier, restrictedMean } from '../../metrics/measures/statistics/kaplan-meier.ts';
import { newcombe } from '../../metrics/measures/statistics/newcombe.ts';
import { percentile } from '../../metrics/measures/statistics/nearest-rank.ts';
import { percentileInterval } from '../../metrics/measures/statistics/percentile-interval.ts';
import { wilson } from '../../metrics/measures/statistics/wilson.ts';
import { comparisons } from './comparisons.ts';
import { ends, many, seed, times, type Question } from './question.ts';

/** Seeded random inputs, and the edges: none, all, one only, ties, nobody who came. */
export function questions(): Question[] {
  return [
    ...shares().flatMap(([k, n]) => [
      { name: 'wilson', fields: [k, n], answer: ends(wilson(k, n)) },
      { name: 'clopper-pearson', fields: [k, n], answer: ends(clopperPearson(k, n)) },
    ]),
    ...pairs().map(([k, n, l, m]) => ({
      name: 'fisher',
      fields: [k, n, l, m],
      answer: [fisherExact({ k, n }, { k: l, n: m })],
    })),
    ...pairs().map(([k, n, l, m]) => {
      const { difference = NaN, low = NaN, high = NaN } = newcombe({ k, n }, { k: l, n: m }) ?? {};
      return { name: 'newcombe', fields: [k, n, l, m], answer: [difference, low, high] };
    }),
    ...samples().map(({ percent, values }) => ({
      name: 'nearest-rank',
      fields: [percent, values],
      answer: [percentile(values, percent) ?? NaN],
    })),
    ...lives().flatMap(survival),
    ...bootstraps(),
    ...comparisons(),
  ];
}

function shares(): [number, number][] {
  const random = seeded(seed, 'shares');
  const edges: [number, number][] = [1, 2, 5, 60, 1000].flatMap((n): [number, number][] => [
    [0, n],
    [1, n],
    [n, n],
  ]);
  return [...edges, ...times(() => share(random))];
}

function pairs(): [number, number, number, number][] {
  const random = seeded(seed, 'pairs');
  const edges: [number, number, number, number][] = [
    [0, 5, 5, 5],
    [5, 5, 5, 5],
    [1, 1, 0, 1],
    [57, 60, 45, 60],
    [53, 57, 41, 45],
  ];
  return [...edges, ...times((): [number, number, number, number] => [...share(random), ...share(random)])];
}

function share(random: () => number): [number, number] {
  const n = 1 + Math.floor(random() * 200);
  return [Math.floor(random() * (n + 1)), n];
}

function samples(): { percent: number; values: number[] }[] {
  const random = seeded(seed, 'samples');
  return times((index) => ({
    percent: [50, 90, 2.5, 97.5][index % 4] ?? 50,
    // Few different values, so that there are ties.
    values: many(1 + Math.floor(random() * 50), () => Math.floor(random() * 40)),
  }));
}

interface Lives {
  readonly after: number[];
  readonly came: number[];
}

function lives(): Lives[] {
  const random = seeded(seed, 'lives');
  const edges: Lives[] = [
    { after: [1], came: [1] },
    { after: [0, 0, 3], came: [1, 0, 1] },
    { after: [2, 2, 1, 4, 5], came: [1, 0, 1, 1, 0] },
    { after: [5, 5, 5], came: [1, 1, 1] },
  ];
  const drawn = times((): Lives => {
    const after = many(2 + Math.floor(random() * 40), () => Math.floor(random() * 30));
    return { after, came: after.map((_, index) => (index === 0 || random() < 0.7 ? 1 : 0)) };
  });
  return [...edges, ...drawn];
}

function survival({ after, came }: Lives): Question[] {
  const steps = kaplanMeier(after.map((time, index) => ({ after: time, came: came[index] === 1 })));
  const horizon = Math.max(...after);
  return [
    { name: 'kaplan-meier', fields: [after, came], answer: steps.map(({ waiting }) => waiting) },
    { name: 'restricted-mean', fields: [after, came, horizon], answer: [restrictedMean(steps, horizon)] },
  ];
}

/** The values are their own ranks. */
function bootstraps(): Question[] {
  return [1, 2, 3, 4, 5, 7, 10, 20, 30, 60].flatMap((n) =>
    [50, 90, 100].flatMap((percent) => {
      const ranks = Array.from({ length: n }, (_, index) => index + 1);
      const drawn = ends(bootstrap(ranks, (sample) => percentile(sample, percent) ?? NaN, seed));
      const exact = ends(percentileInterval(ranks, percent) ?? { low: NaN, high: NaN });
      return [
        { name: 'bootstrap', fields: [percent, n], answer: drawn },
        { name: 'percentile-interval', fields: [percent, n], answer: exact },
      ];
    }),
  );
}
