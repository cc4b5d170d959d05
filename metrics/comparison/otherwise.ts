import { fisherExact, type Share } from '../measures/statistics/fisher.ts';
import type { MeasureComparison, ToldContradiction } from './comparison.ts';
import { findingOf } from './finding.ts';

type Contradiction = Omit<ToldContradiction, 'otherwise'>;

/** What becomes of the total of detections if not the record that was counted is right, but the one that is furthest from it. */
export function otherwise(
  { side, quantity, row, statements }: Contradiction,
  measures: readonly MeasureComparison[],
): Pick<ToldContradiction, 'otherwise'> {
  const found = measures.find(({ measure }) => measure === 'detected');
  const own = found?.rows.find((one) => one.row === row);
  const total = found?.total;
  if (quantity !== 'detected' || found === undefined || own?.kind !== 'shares' || total?.kind !== 'shares')
    return {};
  const [counted, all, against] = [own[side], total[side], total[side === 'one' ? 'other' : 'one']];
  if (counted === undefined || all === undefined || against === undefined) return {};
  const said = statements.map(({ atLeast, atMost }) => nearest(counted.k, atLeast, atMost));
  const furthest = said.toSorted((a, b) => Math.abs(b - counted.k) - Math.abs(a - counted.k))[0] ?? counted.k;
  const share: Share = { k: all.k - counted.k + furthest, n: all.n };
  const p = fisherExact(share, against);
  return { otherwise: { measure: 'detected', ...share, p, finding: findingOf(p) } };
}

/** The number between the two that is next to the one that was counted. */
function nearest(counted: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, counted));
}
