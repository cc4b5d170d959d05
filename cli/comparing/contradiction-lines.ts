import type { Comparison, ToldContradiction } from '../../metrics/comparison/comparison.ts';
import { labels, pText } from '../../metrics/report/comparison/words.ts';
import { wrapped } from './wrapped.ts';

/** What a source says twice, and not the same. */
export function contradictionLines({ contradictions }: Comparison, width: number): string[] {
  if (contradictions.length === 0) return [];
  return [
    'CONTRADICTIONS WITHIN A SOURCE',
    ...contradictions.flatMap((found) => wrapped(`  ${contradictionText(found)}`, width, 4)),
  ];
}

function contradictionText({ side, quantity, row, statements, otherwise }: ToldContradiction): string {
  const said = statements.map(({ record, atLeast, atMost }) => `${record}: ${between(atLeast, atMost)}`);
  const first = `${labels[side]}, ${row}, ${quantity}: ${said.join('; ')}.`;
  if (otherwise === undefined) return first;
  const { k, n, p, finding } = otherwise;
  return `${first} If the count is wrong, it is ${k} of ${n} in all: p ${pText(p)}, ${finding}.`;
}

function between(least: number, most: number): string {
  return least === most ? String(least) : `${least} to ${most}`;
}
