import { cliffsDelta } from '../measures/statistics/cliffs-delta.ts';
import { dominance } from '../measures/statistics/dominance.ts';
import { percentile } from '../measures/statistics/nearest-rank.ts';
import { permutationTest, type Stratum } from '../measures/statistics/permutation-test.ts';
import { shift } from '../measures/statistics/shift.ts';
import { smallestP } from '../measures/statistics/smallest-p.ts';
import type { Bound, Spread, ValuesCompared } from './comparison.ts';

/** The draws of a test that is too large to be counted out; the same comparison gives the same numbers. */
const seed = 1;

type Untold = Omit<ValuesCompared, 'finding' | 'unlike'>;

/** The values of two sides in one row. Undefined where one has none. */
export function compareValues(
  row: string,
  ones: readonly number[],
  others: readonly number[],
): Untold | undefined {
  const delta = cliffsDelta(ones, others);
  const shifted = shift(ones, others);
  const tested = permutationTest([{ ones, others }], seed);
  if (delta === undefined || shifted === undefined || tested === undefined) return undefined;
  return {
    kind: 'values',
    row,
    one: spreadOf(ones),
    other: spreadOf(others),
    delta,
    shift: { by: bound(shifted.by), low: bound(shifted.low), high: bound(shifted.high) },
    ...tested,
    smallestP: smallestP([{ ones: ones.length, others: others.length }]),
  };
}

/** Several rows together, where values of one row are compared with those of the same row alone. */
export function compareStrata(row: string, strata: readonly Stratum[]): Untold | undefined {
  const both = strata.filter(({ ones, others }) => ones.length > 0 && others.length > 0);
  const tested = permutationTest(both, seed);
  if (tested === undefined) return undefined;
  const pairs = both.reduce((sum, { ones, others }) => sum + ones.length * others.length, 0);
  const above = both.reduce((sum, { ones, others }) => sum + dominance(ones, others), 0);
  return {
    kind: 'values',
    row,
    one: spreadOf(both.flatMap(({ ones }) => ones)),
    other: spreadOf(both.flatMap(({ others }) => others)),
    delta: { delta: above / pairs },
    ...tested,
    smallestP: smallestP(both.map(({ ones, others }) => ({ ones: ones.length, others: others.length }))),
  };
}

function spreadOf(values: readonly number[]): Spread {
  const at = (percent: number): number | 'never' => {
    const value = percentile(values, percent) ?? Infinity;
    return value === Infinity ? 'never' : value;
  };
  return {
    n: values.length,
    never: values.filter((value) => value === Infinity).length,
    median: at(50),
    least: at(0),
    largest: at(100),
  };
}

function bound(value: number): Bound {
  if (Number.isFinite(value)) return value;
  return value > 0 ? '+∞' : '-∞';
}
