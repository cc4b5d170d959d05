import { columnsOf } from '../watching/segment.ts';

export interface FittedColumn<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  /** Where the table is too wide, the column with the lowest number goes first; one without a number stays. */
  readonly dispensable?: number;
}

const gap = 2;

/** A table that leaves columns out until it fits; what is empty in every row is left out as well. */
export function fittedTable<Row>(
  columns: readonly FittedColumn<Row>[],
  rows: readonly Row[],
  width: number,
): string[] {
  const shown = columns
    .map((column) => ({ ...column, cells: rows.map(column.cell) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
  const sized = shown.map((column) => ({
    ...column,
    width: Math.max(...[column.title, ...column.cells].map(columnsOf)),
  }));
  while (sized.reduce((sum, column) => sum + column.width + gap, -gap) > width) {
    const [least] = sized
      .filter(({ dispensable }) => dispensable !== undefined)
      .toSorted((a, b) => (a.dispensable ?? 0) - (b.dispensable ?? 0));
    if (least === undefined) break;
    sized.splice(sized.indexOf(least), 1);
  }
  const line = (cellOf: (column: (typeof sized)[number]) => string): string =>
    sized
      .map((column) => padded(cellOf(column), column.width))
      .join(' '.repeat(gap))
      .trimEnd();
  return [line(({ title }) => title), ...rows.map((_, index) => line(({ cells }) => cells[index] ?? ''))];
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columnsOf(text)));
}
