import type { Comparison, MeasureComparison, RowComparison } from '../comparison/comparison.ts';
import { findingText, judgedP, pText } from '../report/comparison/words.ts';
import { junitText, type TestCase } from './junit.ts';

/** Whether the other side is distinguishably worse: a suite for each measure, a case for each row and for the total. */
export function comparisonJunit(comparison: Comparison): string {
  const { one, other, measures } = comparison;
  const properties = { A: `${one.name} (${one.source})`, B: `${other.name} (${other.source})` };
  const suites = measures.map((measure) => ({
    name: measure.title,
    properties,
    cases: [...(measure.total === undefined ? [] : [measure.total]), ...measure.rows].map((row) =>
      caseOf(measure, row),
    ),
  }));
  return junitText(`${other.name} compared with ${one.name}`, suites);
}

function caseOf({ measure }: MeasureComparison, row: RowComparison): TestCase {
  const { better, unlike, finding } = row;
  const named = { name: row.row, group: measure, seconds: 0 };
  if (finding === 'not testable') return { ...named, verdict: 'skipped', reason: 'not testable' };
  if (unlike.length > 0)
    return { ...named, verdict: 'skipped', reason: `not like for like: ${unlike.join(', ')}` };
  const said = `${findingText(row)}, p ${pText(judgedP(row))}`;
  return better === 'one' ? { ...named, verdict: 'fail', reason: said } : { ...named, verdict: 'pass', said };
}
