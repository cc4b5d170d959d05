import type { Comparison, MeasureComparison, RowComparison } from '../comparison/comparison.ts';
import type { Average } from '../comparison/side.ts';
import { csvText, type CsvColumn } from './csv-text.ts';

interface Line {
  readonly measure: MeasureComparison;
  readonly row: RowComparison;
  readonly isTotal: boolean;
}

type Cell = string | number | undefined;

/** One line for each row of each measure, and one for its total; `never`, `-∞` and `+∞` where there is no number. */
export function comparisonCsv({ measures }: Comparison): string {
  const lines = measures.flatMap((measure): Line[] => [
    ...(measure.total === undefined ? [] : [{ measure, row: measure.total, isTotal: true }]),
    ...measure.rows.map((row) => ({ measure, row, isTotal: false })),
  ]);
  return csvText(columns, lines);
}

const columns: readonly CsvColumn<Line>[] = [
  { title: 'measure', cell: ({ measure }) => measure.measure },
  { title: 'unit', cell: ({ measure, row }) => (row.kind === 'shares' ? 'share' : measure.unit) },
  { title: 'row', cell: ({ row }) => row.row },
  { title: 'total', cell: ({ isTotal }) => isTotal },
  { title: 'kind', cell: ({ row }) => row.kind },
  ...sideColumns('one', 'a'),
  ...sideColumns('other', 'b'),
  {
    title: 'effect',
    cell: ({ row }) =>
      effectOf(
        row,
        (difference) => difference.difference,
        ({ delta }) => delta,
      ),
  },
  { title: 'effectLow', cell: ({ row }) => effectOf(row, ({ low }) => low, lowOf) },
  { title: 'effectHigh', cell: ({ row }) => effectOf(row, ({ high }) => high, highOf) },
  { title: 'shift', cell: ({ row }) => (row.kind === 'values' ? row.shift?.by : undefined) },
  { title: 'shiftLow', cell: ({ row }) => (row.kind === 'values' ? row.shift?.low : undefined) },
  { title: 'shiftHigh', cell: ({ row }) => (row.kind === 'values' ? row.shift?.high : undefined) },
  { title: 'p', cell: ({ row }) => row.p },
  { title: 'pHolm', cell: ({ row }) => row.corrected },
  { title: 'smallestP', cell: ({ row }) => row.smallestP },
  { title: 'finding', cell: ({ row }) => row.finding },
  {
    title: 'better',
    cell: ({ row: { better } }) => (better === undefined ? undefined : { one: 'a', other: 'b' }[better]),
  },
  { title: 'unlike', cell: ({ row }) => row.unlike.join('; ') },
];

function sideColumns(which: 'one' | 'other', letter: string): CsvColumn<Line>[] {
  return [
    { title: `${letter}.n`, cell: ({ row }) => (row.kind === 'averages' ? undefined : row[which]?.n) },
    { title: `${letter}.k`, cell: ({ row }) => (row.kind === 'shares' ? row[which]?.k : undefined) },
    { title: `${letter}.value`, cell: ({ row }) => valueOf(row, which) },
    { title: `${letter}.low`, cell: ({ row }) => (row.kind === 'shares' ? row[which]?.low : undefined) },
    { title: `${letter}.high`, cell: ({ row }) => (row.kind === 'shares' ? row[which]?.high : undefined) },
    { title: `${letter}.never`, cell: ({ row }) => (row.kind === 'values' ? row[which].never : undefined) },
    {
      title: `${letter}.partial`,
      cell: ({ row }) => (row.kind === 'averages' ? isPartial(row[which]) : undefined),
    },
  ];
}

/** The share, the median, the average; or what is said in its place. */
function valueOf(row: RowComparison, which: 'one' | 'other'): Cell {
  if (row.kind === 'shares') return row[which]?.share;
  if (row.kind === 'values') return row[which].median;
  const average = row[which];
  return average === undefined ? undefined : 'mark' in average ? average.mark : average.value;
}

function isPartial(average: Average | undefined): boolean | undefined {
  return average === undefined || 'mark' in average ? undefined : average.isPartial;
}

type Difference = NonNullable<Extract<RowComparison, { kind: 'shares' }>['difference']>;
type Delta = Extract<RowComparison, { kind: 'values' }>['delta'];

function effectOf(
  row: RowComparison,
  ofShares: (one: Difference) => number,
  ofValues: (one: Delta) => Cell,
): Cell {
  if (row.kind === 'shares') return row.difference && ofShares(row.difference);
  return row.kind === 'values' ? ofValues(row.delta) : undefined;
}

function lowOf(delta: Delta): Cell {
  return 'low' in delta ? delta.low : undefined;
}

function highOf(delta: Delta): Cell {
  return 'high' in delta ? delta.high : undefined;
}
