import { seeded } from '../../injectors/seeded.ts';
import { cliffsDelta } from '../../metrics/measures/statistics/cliffs-delta.ts';
import { holm } from '../../metrics/measures/statistics/holm.ts';
import { mannKendall } from '../../metrics/measures/statistics/mann-kendall.ts';
import { normalTails } from '../../metrics/measures/statistics/normal-tails.ts';
import { permutationTest, type Stratum } from '../../metrics/measures/statistics/permutation-test.ts';
import { smallestP } from '../../metrics/measures/statistics/smallest-p.ts';
import { theilSen } from '../../metrics/measures/statistics/theil-sen.ts';
import { many, seed, times, type Question } from './question.ts';

/** What compares two sets of values, and what looks for a trend in one. */
export function comparisons(): Question[] {
  return [...permutations(), ...deltas(), ...coverages(), ...corrections(), ...trends(), ...tails()];
}

function permutations(): Question[] {
  const random = seeded(seed, 'permutations');
  const drawnStratum = (most: number): Stratum => {
    const spread = 1 + Math.floor(random() * 30);
    const side = (shift: number): number[] =>
      many(1 + Math.floor(random() * most), () => Math.floor(random() * spread) + shift);
    return { ones: side(Math.floor(random() * 5)), others: side(0) };
  };
  const asked = (name: string, strata: readonly Stratum[]): Question => ({
    name,
    fields: fieldsOf(strata),
    answer: [permutationTest(strata, seed)?.p ?? NaN],
  });
  const edges: Stratum[][] = [
    [{ ones: [1], others: [2] }],
    [{ ones: [6, 7, 8, 9, 10], others: [1, 2, 3, 4, 5] }],
    [{ ones: [9], others: [1, 1] }],
    [{ ones: [Infinity, Infinity, 4], others: [1, 2, Infinity, 3] }],
    [1, 2, 3, 4, 5].map((level) => ({ ones: [level + 1], others: [level] })),
  ];
  const strata = times((index) => Array.from({ length: 1 + (index % 4) }, () => drawnStratum(8)));
  // Ever closer, so that many different p come up.
  const large = Array.from({ length: 10 }, (_, index): Stratum[] => [
    { ones: many(60, () => random() + index / 50), others: many(80, random) },
  ]);
  return [
    ...[...edges, ...strata].map((all) => asked('permutation', all)),
    ...large.map((all) => asked('drawn', all)),
    ...strata.map((all) => {
      const sizes = all.map(({ ones, others }) => ({ ones: ones.length, others: others.length }));
      const fields = [sizes.map(({ ones }) => ones), sizes.map(({ others }) => others)];
      return { name: 'smallest-p', fields, answer: [smallestP(sizes)] };
    }),
  ];
}

/** Values, who has them (1: the ones), and in which block. */
function fieldsOf(strata: readonly Stratum[]): number[][] {
  const rows = strata.flatMap(({ ones, others }, block) => [
    ...ones.map((value) => [value, 1, block]),
    ...others.map((value) => [value, 0, block]),
  ]);
  return [0, 1, 2].map((column) => rows.map((row) => row[column] ?? NaN));
}

function deltas(): Question[] {
  const random = seeded(seed, 'deltas');
  const side = (): number[] => many(1 + Math.floor(random() * 20), () => Math.floor(random() * 12));
  return times((): [number[], number[]] => [side(), side()]).flatMap(([ones, others]) => {
    const { delta = NaN, low = NaN, high = NaN } = cliffsDelta(ones, others) ?? {};
    return [
      { name: 'cliffs-delta', fields: [ones, others], answer: [delta] },
      { name: 'delta-interval', fields: [ones, others], answer: [low, high] },
    ];
  });
}

/** How often the interval holds what is true of two normal distributions: they lie apart by so many of their standard deviations. */
function coverages(): Question[] {
  const random = seeded(seed, 'coverages');
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return [0, 0.5, 1, 2].flatMap((apart) =>
    [
      [5, 5],
      [5, 30],
      [20, 20],
    ].map(([n = 0, m = 0]) => {
      const intervals = Array.from({ length: 2000 }, () =>
        cliffsDelta(
          many(n, () => normal() + apart),
          many(m, normal),
        ),
      );
      const fields = [
        apart,
        intervals.map((one) => one?.low ?? NaN),
        intervals.map((one) => one?.high ?? NaN),
      ];
      return { name: 'delta-coverage', fields, answer: [0.95] };
    }),
  );
}

function corrections(): Question[] {
  const random = seeded(seed, 'corrections');
  const edges = [[0.04], [0.9, 0.8], many(12, () => 2 / 252)];
  const drawn = times(() => many(1 + Math.floor(random() * 48), () => random() ** 4));
  return [...edges, ...drawn].map((ps) => ({ name: 'holm', fields: [ps], answer: holm(ps) }));
}

function trends(): Question[] {
  const random = seeded(seed, 'trends');
  const few = times(() => many(2 + Math.floor(random() * 5), () => Math.floor(random() * 4)));
  const untied = times(() => many(2 + Math.floor(random() * 25), random));
  const long = times(() => many(61 + Math.floor(random() * 40), () => Math.floor(random() * 30)));
  const asked = (name: string, values: readonly number[]): Question => ({
    name,
    fields: [values],
    answer: [mannKendall(values)?.p ?? NaN],
  });
  return [
    ...[...few, ...untied].map((values) => asked('mann-kendall', values)),
    ...long.map((values) => asked('mann-kendall-normal', values)),
    ...untied.map((values) => ({
      name: 'theil-sen',
      fields: [values],
      answer: [theilSen(values.map((value, at) => ({ at, value }))) ?? NaN],
    })),
  ];
}

function tails(): Question[] {
  const random = seeded(seed, 'tails');
  return [0, 3, 37, ...times(() => random() * 12)].map((deviations) => ({
    name: 'normal-tails',
    fields: [deviations],
    answer: [normalTails(deviations)],
  }));
}
