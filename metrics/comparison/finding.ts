import { holm } from '../measures/statistics/holm.ts';
import type {
  AveragesCompared,
  Finding,
  RowComparison,
  SharesCompared,
  Unlike,
  ValuesCompared,
} from './comparison.ts';
import { unlikeOf } from './likeness.ts';
import type { ComparedMeasure, MeasureFacts } from './measure.ts';

/** What the numbers of a row come to, before anybody has said what follows from them. */
export type Unjudged =
  | Omit<SharesCompared, 'finding' | 'unlike'>
  | Omit<ValuesCompared, 'finding' | 'unlike'>
  | Omit<AveragesCompared, 'finding' | 'unlike'>;

/** Below it the two are distinguishable. */
const significance = 0.05;

/** The rows of a measure are tested together: each p is corrected for their number. */
export function judge(
  rows: readonly Unjudged[],
  better: MeasureFacts['better'],
  measure: ComparedMeasure,
  unlike: readonly Unlike[],
): RowComparison[] {
  const tested = rows.filter(({ p }) => p !== undefined);
  const corrected = holm(tested.map(({ p }) => p ?? 1));
  return rows.map((row): RowComparison => {
    const reasons = unlikeOf(unlike, row.row, measure);
    if (row.kind === 'averages') return { ...row, finding: 'not testable', unlike: reasons };
    const place = tested.indexOf(row);
    const p = corrected[place];
    const told = place === -1 || p === undefined ? {} : { corrected: p };
    const smallest = row.smallestP;
    return {
      ...row,
      ...told,
      ...(smallest === undefined ? {} : { smallestP: Math.min(1, smallest * tested.length) }),
      ...found(row, p, better),
      unlike: reasons,
    };
  });
}

/** One test, of all rows together. What is unlike in one of them is unlike in all. */
export function judgeTotal(
  total: Unjudged,
  better: MeasureFacts['better'],
  measure: ComparedMeasure,
  unlike: readonly Unlike[],
  rows: readonly RowComparison[],
): RowComparison {
  const reasons = [
    ...new Set([...unlikeOf(unlike, total.row, measure), ...rows.flatMap((row) => row.unlike)]),
  ];
  if (total.kind === 'averages') return { ...total, finding: 'not testable', unlike: reasons };
  return { ...total, ...found(total, total.p, better), unlike: reasons };
}

export function findingOf(p: number | undefined): Finding {
  if (p === undefined) return 'not testable';
  return p < significance ? 'distinguishable' : 'not distinguishable';
}

function found(
  row: Exclude<Unjudged, { kind: 'averages' }>,
  p: number | undefined,
  better: MeasureFacts['better'],
): { finding: Finding; better?: 'one' | 'other' } {
  const finding = findingOf(p);
  if (finding !== 'distinguishable') return { finding };
  const above = row.kind === 'shares' ? (row.difference?.difference ?? 0) : row.delta.delta;
  return { finding, better: above > 0 === (better === 'more') ? 'one' : 'other' };
}
