import { counted } from '../../errors/counted.ts';
import type {
  Comparison,
  MeasureComparison,
  RowComparison,
  Unlike,
} from '../../metrics/comparison/comparison.ts';
import {
  averageText,
  deltaText,
  differenceText,
  findingText,
  judgedP,
  labels,
  powerText,
  pText,
  sharePercent,
  repairersText,
  shareText,
  shiftText,
  spreadText,
  valueText,
  whereOf,
} from '../../metrics/report/comparison/words.ts';
import { averageLines } from './average-lines.ts';
import { contradictionLines } from './contradiction-lines.ts';
import { fittedTable, type FittedColumn } from './fitted-table.ts';
import { wrapped } from './wrapped.ts';

/** A comparison for a terminal of so many columns: first in short, then all of it. */
export function comparisonText(comparison: Comparison, columns: number): string {
  const width = Math.max(60, columns);
  const sections = [
    sides(comparison, width),
    likeness(comparison, width),
    inShort(comparison, width),
    ...comparison.measures.map((measure) => measureLines(measure, width)),
    ...comparison.averages.map((averages) => averageLines(averages, width)),
    contradictionLines(comparison, width),
    onlyLines(comparison, width),
  ].filter((lines) => lines.length > 0);
  return sections
    .map((lines) => lines.join('\n'))
    .join('\n\n')
    .replaceAll('\u00a0', ' ');
}

function sides({ one, other }: Comparison, width: number): string[] {
  return [
    { label: labels.one, ...one },
    { label: labels.other, ...other },
  ].flatMap(({ label, name, kind, trials, source }) =>
    wrapped(`${label}  ${name}: ${kind} of ${counted(trials, 'trial')}; ${source}`, width, 3),
  );
}

function likeness({ unlike }: Comparison, width: number): string[] {
  if (unlike.length === 0) return ['Like for like, as far as both sides say how they were run.'];
  const against = unlike.filter(({ isItsOwn }) => isItsOwn !== true);
  const own = unlike.filter(({ isItsOwn }) => isItsOwn === true);
  const told = ({ what, one, other, ...where }: Unlike): string[] =>
    wrapped(
      `  ${what}: ${labels.one} ${one}, ${labels.other} ${other} (${whereOf({ what, one, other, ...where })})`,
      width,
      4,
    );
  return [
    against.length === 0 ? 'Like for like; what differs is of the infrastructures:' : 'NOT LIKE FOR LIKE',
    ...[...against, ...own].flatMap(told),
  ];
}

interface Short {
  readonly measure: MeasureComparison;
  readonly total: RowComparison;
}

function inShort({ measures }: Comparison, width: number): string[] {
  const totals = measures.flatMap((measure): Short[] =>
    measure.total === undefined ? [] : [{ measure, total: measure.total }],
  );
  if (totals.length === 0) return [];
  const side = (which: 'one' | 'other') => ({
    title: labels[which],
    cell: ({ measure: { unit }, total }: Short): string =>
      total.kind === 'shares'
        ? `${shareText(total[which])} ${sharePercent(total[which])}`
        : total.kind === 'values'
          ? valueText(total[which].median, unit)
          : '',
  });
  const table: readonly FittedColumn<Short>[] = [
    { title: 'ALL COMMON CELLS', cell: ({ measure }) => measure.title },
    side('one'),
    side('other'),
    { title: 'p', cell: ({ total }) => pText(total.p) },
    { title: 'FINDING', cell: ({ total }) => findingText(total) },
  ];
  return fittedTable(table, totals, width);
}

function measureLines(measure: MeasureComparison, width: number): string[] {
  const { title, meaning, better, rows, tests, unit } = measure;
  const power = powerText(rows, tests);
  return [
    ...wrapped(`${title.toUpperCase()}: ${better} is better. ${meaning}`, width, 0),
    ...fittedTable(rowColumns(unit), rows, width),
    ...(rows.every(({ kind }) => kind === 'averages') ? [untestable] : []),
    ...(power === undefined ? [] : wrapped(power, width, 0)),
    ...(rows.some(isStarred) ? ['* over the recovered cases only'] : []),
  ];
}

const untestable = 'Not testable: of one side at least only averages are known.';

function rowColumns(unit: MeasureComparison['unit']): FittedColumn<RowComparison>[] {
  const side = (which: 'one' | 'other') => ({
    title: labels[which],
    cell: (row: RowComparison): string =>
      row.kind === 'shares'
        ? shareText(row[which])
        : row.kind === 'values'
          ? spreadText(row[which], unit)
          : averageText(row[which], unit),
  });
  return [
    { title: 'ROW', cell: ({ row }) => row },
    side('one'),
    side('other'),
    repairers('one'),
    repairers('other'),
    {
      title: 'A-B, POINTS',
      cell: (row) => (row.kind === 'shares' ? differenceText(row) : ''),
      dispensable: 2,
    },
    { title: 'A-B', cell: (row) => (row.kind === 'values' ? shiftText(row, unit) : ''), dispensable: 2 },
    {
      title: 'CLIFF',
      cell: (row) => (row.kind === 'values' ? deltaText(row) : ''),
      dispensable: 1,
    },
    { title: 'p (HOLM)', cell: (row) => pText(judgedP(row)) },
    { title: 'FINDING', cell: (row) => (row.kind === 'averages' ? '' : findingText(row)) },
  ];
}

function repairers(which: 'one' | 'other'): FittedColumn<RowComparison> {
  return {
    title: `${labels[which]} BY MGMT + NODE`,
    cell: (row) => (row.kind === 'shares' ? repairersText(row.by?.[which]) : ''),
    dispensable: 3,
  };
}

function isStarred(row: RowComparison): boolean {
  return (
    row.kind === 'averages' &&
    [row.one, row.other].some((average) => average !== undefined && 'value' in average && average.isPartial)
  );
}

function onlyLines({ onlyOne, onlyOther }: Comparison, width: number): string[] {
  return [
    ...(onlyOne.length === 0 ? [] : wrapped(`Only ${labels.one} has: ${onlyOne.join(', ')}`, width, 2)),
    ...(onlyOther.length === 0 ? [] : wrapped(`Only ${labels.other} has: ${onlyOther.join(', ')}`, width, 2)),
  ];
}
