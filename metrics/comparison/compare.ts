import type { Stratum } from '../measures/statistics/permutation-test.ts';
import type { Share } from '../measures/statistics/fisher.ts';
import { compareAverages } from './compare-averages.ts';
import { compareShares } from './compare-shares.ts';
import { compareStrata, compareValues } from './compare-values.ts';
import type { Comparison, MeasureComparison, SharesCompared, SideFacts } from './comparison.ts';
import { judge, judgeTotal, type Unjudged } from './finding.ts';
import { unlikeness } from './likeness.ts';
import { shareMeasures, valueMeasures, type ShareMeasure, type ValueMeasure } from './measure.ts';
import { otherwise } from './otherwise.ts';
import { isGolden, type Side, type SideRow } from './side.ts';

const totalRow = 'all cells that both have';

/** Two infrastructures beside each other, row by row. */
export function compare(one: Side, other: Side): Comparison {
  const unlike = unlikeness(one, other);
  const names = [...new Set([...one.rows, ...other.rows].map(({ name }) => name))].sort(byKind);
  const pairs = names.map((name) => ({ name, one: rowOf(one, name), other: rowOf(other, name) }));
  const common = pairs.filter((pair) => pair.one !== undefined && pair.other !== undefined);
  const shares = keysOf(shareMeasures).flatMap((measure) => sharesOf(measure, common));
  const values = keysOf(valueMeasures).flatMap((measure) => valuesOf(measure, common));
  const measures = [...shares, ...values].map(({ facts, total, rows }): MeasureComparison => {
    const judged = judge(rows, facts.better, facts.measure, unlike);
    return {
      ...facts,
      ...(total === undefined
        ? {}
        : { total: judgeTotal(total, facts.better, facts.measure, unlike, judged) }),
      rows: judged,
      tests: judged.filter(({ p }) => p !== undefined).length,
    };
  });
  const told = [
    ...one.contradictions.map((found) => ({ side: 'one' as const, ...found })),
    ...other.contradictions.map((found) => ({ side: 'other' as const, ...found })),
  ];
  return {
    version: 1,
    one: factsOf(one),
    other: factsOf(other),
    unlike,
    measures,
    averages: compareAverages(one, other),
    contradictions: told.map((found) => ({ ...found, ...otherwise(found, measures) })),
    onlyOne: pairs.filter((pair) => pair.other === undefined).map(({ name }) => name),
    onlyOther: pairs.filter((pair) => pair.one === undefined).map(({ name }) => name),
  };
}

interface Pair {
  readonly name: string;
  readonly one: SideRow | undefined;
  readonly other: SideRow | undefined;
}

interface Untold {
  readonly facts: Omit<MeasureComparison, 'rows' | 'total' | 'tests'>;
  readonly total: Unjudged | undefined;
  readonly rows: readonly Unjudged[];
}

function sharesOf(measure: ShareMeasure, pairs: readonly Pair[]): Untold[] {
  const found = pairs
    .map(({ name, one, other }) => ({ name, one: one?.shares[measure], other: other?.shares[measure] }))
    .filter(({ one, other }) => one !== undefined || other !== undefined);
  if (!found.some(({ one, other }) => one !== undefined && other !== undefined)) return [];
  const both = found.filter(({ one, other }) => one !== undefined && other !== undefined);
  return [
    {
      facts: { measure, ...shareMeasures[measure] },
      total: compareShares(totalRow, sum(both.map(({ one }) => one)), sum(both.map(({ other }) => other))),
      rows: found.map(({ name, one, other }) => ({
        ...compareShares(name, one, other),
        ...(measure === 'recovered-by-record' ? repairersOf(name, pairs) : {}),
      })),
    },
  ];
}

function repairersOf(name: string, pairs: readonly Pair[]): Pick<SharesCompared, 'by'> {
  const { one, other } = pairs.find((pair) => pair.name === name) ?? {};
  if (one?.by === undefined && other?.by === undefined) return {};
  return {
    by: {
      ...(one?.by === undefined ? {} : { one: one.by }),
      ...(other?.by === undefined ? {} : { other: other.by }),
    },
  };
}

function valuesOf(measure: ValueMeasure, pairs: readonly Pair[]): Untold[] {
  const rows = pairs.flatMap(({ name, one, other }): Unjudged[] => {
    const values = compareValues(name, one?.values[measure] ?? [], other?.values[measure] ?? []);
    if (values !== undefined) return [values];
    const averages = { one: one?.averages[measure], other: other?.averages[measure] };
    if (averages.one === undefined && averages.other === undefined) return [];
    return [
      {
        kind: 'averages',
        row: name,
        ...(averages.one === undefined ? {} : { one: averages.one }),
        ...(averages.other === undefined ? {} : { other: averages.other }),
      },
    ];
  });
  if (rows.length === 0) return [];
  const strata = pairs
    .filter(({ name }) => !isGolden(name))
    .map(({ one, other }): Stratum => ({
      ones: one?.values[measure] ?? [],
      others: other?.values[measure] ?? [],
    }));
  return [{ facts: { measure, ...valueMeasures[measure] }, total: compareStrata(totalRow, strata), rows }];
}

function sum(shares: readonly (Share | undefined)[]): Share {
  const add = (of: (share: Share) => number): number =>
    shares.reduce((all, share) => all + (share === undefined ? 0 : of(share)), 0);
  return { k: add(({ k }) => k), n: add(({ n }) => n) };
}

function factsOf({ name, kind, source, rows }: Side): SideFacts {
  return { name, kind, source, trials: rows.reduce((all, { trials }) => all + trials, 0) };
}

function rowOf({ rows }: Side, name: string): SideRow | undefined {
  return rows.find((row) => row.name === name);
}

/** Golden runs first. */
function byKind(one: string, other: string): number {
  return Number(isGolden(other)) - Number(isGolden(one)) || (one < other ? -1 : one > other ? 1 : 0);
}

function keysOf<Key extends string>(record: Readonly<Record<Key, unknown>>): Key[] {
  return Object.keys(record) as Key[];
}
