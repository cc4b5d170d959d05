import type { AverageComparison, PrintedAverage, RuleAverages } from '../../metrics/comparison/comparison.ts';
import { labels } from '../../metrics/report/comparison/words.ts';
import { seconds } from '../../metrics/report/format.ts';
import { fittedTable, type FittedColumn } from './fitted-table.ts';
import { wrapped } from './wrapped.ts';

/** An average over cells by each rule that is one for both, and what to think of the printed ones. */
export function averageLines(
  { title, rules, printed, isLikeForLike }: AverageComparison,
  width: number,
): string[] {
  const side = (which: 'one' | 'other'): FittedColumn<RuleAverages> => ({
    title: labels[which],
    cell: ({ [which]: { us } }) => (us === undefined ? 'none' : seconds(us)),
  });
  const columns: readonly FittedColumn<RuleAverages>[] = [
    { title: `AVERAGE ${title.toUpperCase()} OVER`, cell: ({ rule }) => rule },
    side('one'),
    side('other'),
    { title: 'ROWS', cell: ({ one, other }) => `${one.rows} and ${other.rows}` },
  ];
  const told = (['one', 'other'] as const).flatMap((which) => {
    const average = printed?.[which];
    return average === undefined ? [] : [`${labels[which]} ${printedText(average)}`];
  });
  const judged = isLikeForLike === undefined ? '' : isLikeForLike ? ': like for like' : ': not like for like';
  return [
    ...fittedTable(columns, rules, width),
    ...(told.length === 0 ? [] : wrapped(`As printed: ${told.join('; ')}${judged}.`, width, 2)),
  ];
}

function printedText({ us, follows }: PrintedAverage): string {
  return `${seconds(us)} (${follows.length === 0 ? 'by no rule that is known' : follows.join(', ')})`;
}
