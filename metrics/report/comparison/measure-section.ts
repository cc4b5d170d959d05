import type { MeasureComparison, RowComparison } from '../../comparison/comparison.ts';
import { markup, type Markup } from '../markup.ts';
import { table, type Column } from '../table.ts';
import { pairChart } from './pair-chart.ts';
import { deltaText, differenceText, judgedP, powerText, pText, repairersText, shiftText } from './words.ts';

/** One measure: what it is, all rows as a drawing, and the numbers behind it. */
export function measureSection(measure: MeasureComparison): Markup {
  const { title, meaning, better, rows, tests, total } = measure;
  const power = powerText(rows, tests);
  const all = [...(total === undefined ? [] : [total]), ...rows];
  return markup`<div class="measure" id="${measure.measure}">
<h3>${title}</h3>
<p>${meaning} ${better === 'more' ? 'More' : 'Less'} is better.</p>
${pairChart(measure)}
${power === undefined ? undefined : markup`<p class="apart">${power}</p>`}
${all.every(({ kind }) => kind === 'averages') ? markup`<p class="apart">Not testable: of one side at least only averages are known.</p>` : numbersOf(measure, all)}
</div>`;
}

function numbersOf(measure: MeasureComparison, rows: readonly RowComparison[]): Markup {
  return markup`<details class="tables"><summary>Effects, intervals and tests of ${measure.title}</summary>
${table(`${measure.title}: A less B`, columnsOf(measure), rows)}</details>`;
}

function columnsOf({ unit, rows }: MeasureComparison): Column<RowComparison>[] {
  const naming: Column<RowComparison> = { title: 'Row', cell: ({ row }) => row };
  const told = (cell: string): string | Markup =>
    cell === '' ? markup`<span class="none">none</span>` : cell;
  const effects: Column<RowComparison>[] =
    unit === undefined
      ? [
          {
            title: 'Difference in points (95% interval)',
            numeric: true,
            cell: (row) => told(row.kind === 'shares' ? differenceText(row) : ''),
          },
        ]
      : [
          {
            title: 'Cliff’s delta (95% interval)',
            numeric: true,
            cell: (row) => told(row.kind === 'values' ? deltaText(row) : ''),
          },
          {
            title: 'Shift (95% interval)',
            numeric: true,
            cell: (row) => told(row.kind === 'values' ? shiftText(row, unit) : ''),
          },
        ];
  const repairers = (['one', 'other'] as const).map((which): Column<RowComparison> => ({
    title: which === 'one' ? 'A' : 'B',
    under: 'By the management + by the node',
    numeric: true,
    cell: (row) => told(row.kind === 'shares' ? repairersText(row.by?.[which]) : ''),
  }));
  return [
    naming,
    ...effects,
    ...(rows.some((row) => row.kind === 'shares' && row.by !== undefined) ? repairers : []),
    { title: 'p', numeric: true, cell: ({ p }) => told(pText(p)) },
    {
      title: 'p after Holm',
      numeric: true,
      cell: (row) => told(row.corrected === undefined ? '' : pText(judgedP(row))),
    },
    { title: 'Smallest p possible', numeric: true, cell: ({ smallestP }) => told(pText(smallestP)) },
    { title: 'Not like for like in', wide: true, cell: ({ unlike }) => told(unlike.join(', ')) },
  ];
}
