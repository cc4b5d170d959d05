import type { Comparison, RowComparison } from './comparison.ts';

/** The rows and totals in which the other side is distinguishably worse than the one, and like for like with it. */
export function worseRows({
  measures,
}: Comparison): { readonly title: string; readonly row: RowComparison }[] {
  return measures.flatMap(({ title, total, rows }) =>
    [...(total === undefined ? [] : [total]), ...rows]
      .filter(({ better, unlike }) => better === 'one' && unlike.length === 0)
      .map((row) => ({ title, row })),
  );
}

/** False where nothing of the two could be tested. */
export function isTestable({ measures }: Comparison): boolean {
  return measures.some(({ total, rows }) =>
    [total, ...rows].some((row) => row !== undefined && row.finding !== 'not testable'),
  );
}
