import { blocksOf } from '../../campaign/block.ts';
import { faultTitle } from '../../campaign/fault-title.ts';
import { compareText } from './canonical.ts';
import { compared, comparedValue } from './compared.ts';
import type { Compared, Comparison } from './comparison-measures.ts';
import type { FaultFacts, TrialMeasures } from './measures.ts';
import { cliffsDelta } from './statistics/cliffs-delta.ts';
import { holm } from './statistics/holm.ts';
import { permutationTest, type Stratum } from './statistics/permutation-test.ts';
import { reachOf, significant, type Sizes } from './statistics/smallest-p.ts';

interface Rivals {
  readonly name: string;
  readonly blocks: readonly Stratum[];
}

type Valued = (trial: TrialMeasures, measure: Compared) => number | undefined;

/** Every cell and every fault against the golden runs, in each measure. The trials are in the order of the plan. */
export function compareWithGolden(trials: readonly TrialMeasures[], seed: number): Comparison[] {
  return (['cell', 'fault'] as const).flatMap((by) =>
    compared.flatMap((measure) => compareIn(trials, by, measure, seed)),
  );
}

/** One family, for which the p are corrected together. `valueOf` is what a trial came to by other definitions than the campaign's. */
export function compareIn(
  trials: readonly TrialMeasures[],
  by: Comparison['by'],
  measure: Compared,
  seed: number,
  valueOf: Valued = comparedValue,
): Comparison[] {
  const family = rivalsOf(trials, by, (trial) => valueOf(trial, measure));
  const found = family.map(({ name, blocks }) => {
    const whole = together(blocks);
    const reach = reachOf(sizesOf(blocks), family.length);
    const test = permutationTest(reach.within === 'blocks' ? blocks : [whole], seed);
    return { name, whole, test, ...reach };
  });
  const corrected = holm(found.flatMap(({ test }) => (test === undefined ? [] : [test.p])));
  let next = 0;
  return found.map(({ name, whole, test, within, smallest }): Comparison => {
    const own = test === undefined ? 'unknown' : (corrected[next++] ?? 'unknown');
    return {
      by,
      name,
      measure,
      n: whole.ones.length,
      golden: whole.others.length,
      delta: deltaOf(whole),
      p: test?.p ?? 'unknown',
      corrected: own,
      ...(test === undefined ? {} : { method: test.method, within }),
      distinguishable: own === 'unknown' ? own : own <= significant,
      smallest,
    };
  });
}

function deltaOf({ ones, others }: Stratum): Comparison['delta'] {
  const found = cliffsDelta(ones, others);
  return found === undefined ? 'unknown' : { value: found.delta, low: found.low, high: found.high };
}

function sizesOf(strata: readonly Stratum[]): Sizes[] {
  return strata.map(({ ones, others }) => ({ ones: ones.length, others: others.length }));
}

function together(strata: readonly Stratum[]): Stratum {
  return { ones: strata.flatMap(({ ones }) => ones), others: strata.flatMap(({ others }) => others) };
}

function rivalsOf(
  trials: readonly TrialMeasures[],
  by: Comparison['by'],
  valueOf: (trial: TrialMeasures) => number | undefined,
): Rivals[] {
  const blocks = blocksOf(trials);
  const known = trials.flatMap((trial, place) => {
    const value = trial.valid ? valueOf(trial) : undefined;
    return value === undefined ? [] : [{ fault: trial.fault, value, block: blocks[place] ?? 0 }];
  });
  const names = trials.flatMap(({ fault }) => (fault === undefined ? [] : [nameBy[by](fault)]));
  const golden = byBlock(known.filter(({ fault }) => fault === undefined));
  return [...new Set(names)].sort(compareText).map((name) => {
    const own = byBlock(known.filter(({ fault }) => fault !== undefined && nameBy[by](fault) === name));
    return {
      name,
      blocks: [...new Set(blocks)].map((block) => ({
        ones: own.get(block) ?? [],
        others: golden.get(block) ?? [],
      })),
    };
  });
}

function byBlock(
  known: readonly { readonly value: number; readonly block: number }[],
): Map<number, number[]> {
  const values = new Map<number, number[]>();
  for (const { value, block } of known) {
    const own = values.get(block);
    if (own === undefined) values.set(block, [value]);
    else own.push(value);
  }
  return values;
}

const nameBy: Readonly<Record<Comparison['by'], (fault: FaultFacts) => string>> = {
  cell: ({ cell }) => cell,
  fault: faultTitle,
};
