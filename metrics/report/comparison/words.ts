import type {
  Bound,
  RowComparison,
  SharesCompared,
  Spread,
  ToldContradiction,
  Unlike,
  ValuesCompared,
} from '../../comparison/comparison.ts';
import type { Average, Repairers } from '../../comparison/side.ts';
import { percent, perSecond, seconds, span } from '../format.ts';

/** What the two sides are called where there is no room for their names. */
export const labels = { one: 'A', other: 'B' } as const;

type Unit = 'us' | '/s' | undefined;

export function findingText({ finding, better, unlike }: RowComparison): string {
  const said = better === undefined ? finding : `${labels[better]} is better`;
  return unlike.length === 0 || finding === 'not testable' ? said : `${said}, not like for like`;
}

/** To two digits; a p of one in ten thousand is as good as any smaller one. */
export function pText(p: number | undefined): string {
  if (p === undefined) return '';
  if (p < 0.0001) return '<0.0001';
  return p >= 0.995 ? '1' : p.toPrecision(2);
}

/** The p that the finding rests on. */
export function judgedP({ p, corrected }: RowComparison): number | undefined {
  return corrected ?? p;
}

export function valueText(value: number | 'never' | undefined, unit: Unit): string {
  if (value === undefined) return '';
  if (value === 'never') return '∞';
  return unit === '/s' ? perSecond(value) : span(value);
}

export function averageText(average: Average | undefined, unit: Unit): string {
  if (average === undefined) return '';
  if ('mark' in average) return average.mark;
  const value =
    unit === 'us' && average.value >= 1e6 ? seconds(average.value) : valueText(average.value, unit);
  const of = average.of === 'median' ? 'median ' : '';
  return `${of}${value}${average.isPartial ? ' *' : ''}`;
}

export function spreadText({ median, n, never }: Spread, unit: Unit): string {
  const lost = never === 0 ? '' : `, ${never} never`;
  return `${valueText(median, unit)} (${n}${lost})`;
}

/** By the management and by the node. */
export function repairersText(by: Repairers | undefined): string {
  return by === undefined ? '' : `${by.management} + ${by.node}`;
}

/** The difference of two shares in points of a percent. */
export function differenceText({ difference }: SharesCompared): string {
  if (difference === undefined) return '';
  const points = (share: number): string => signed(Math.round(share * 1000) / 10);
  return `${points(difference.difference)} (${points(difference.low)} to ${points(difference.high)})`;
}

export function deltaText({ delta }: ValuesCompared): string {
  const digits = (value: number): string => signed(Number(value.toFixed(2)));
  return 'low' in delta
    ? `${digits(delta.delta)} (${digits(delta.low)} to ${digits(delta.high)})`
    : digits(delta.delta);
}

export function shiftText({ shift }: ValuesCompared, unit: Unit): string {
  if (shift === undefined) return '';
  const { by, low, high } = shift;
  return `${boundText(by, unit)} (${boundText(low, unit)} to ${boundText(high, unit)})`;
}

function boundText(value: Bound, unit: Unit): string {
  if (typeof value === 'string') return value;
  return `${value > 0 ? '+' : ''}${valueText(value, unit)}`;
}

function signed(value: number): string {
  return value > 0 ? `+${value}` : String(value);
}

/** Of the rows of a measure: why none by itself could be told apart, where that is so. */
export function powerText(rows: readonly RowComparison[], tests: number): string | undefined {
  const reach = rows.flatMap(({ smallestP }) => smallestP ?? []);
  if (reach.length === 0) return undefined;
  const short = reach.filter((p) => p >= 0.05);
  if (short.length === 0) return undefined;
  const least = Math.min(...short);
  const which =
    short.length === reach.length ? 'No row by itself' : `${short.length} of ${reach.length} rows`;
  const could = short.length === reach.length ? 'could' : 'could not';
  return `${which} ${could} be distinguishable with so few trials: the smallest p that they can reach, ${tests === 1 ? '' : `corrected for ${tests} tests, `}is ${pText(least)}.`;
}

export function whereOf({ rows, affects, isItsOwn }: Unlike): string {
  if (isItsOwn === true) return 'as may be where infrastructures differ';
  const of = affects === undefined ? '' : `, for ${affects.join(', ')}`;
  return `${rows === undefined ? 'all rows' : rows.join(', ')}${of}`;
}

export function shareText(share: { readonly k: number; readonly n: number } | undefined): string {
  return share === undefined ? '' : `${share.k}/${share.n}`;
}

export function sharePercent(share: SharesCompared['one']): string {
  return share === undefined ? '' : percent(share.share);
}

export function contradictionText({ quantity, row, statements, otherwise }: ToldContradiction): string {
  const said = statements.map(({ record, atLeast, atMost }) => `${record}: ${between(atLeast, atMost)}`);
  const first = `${row}, ${quantity}: ${said.join('; ')}.`;
  if (otherwise === undefined) return first;
  const { k, n, p, finding } = otherwise;
  return `${first} If the count is wrong, it is ${k} of ${n} in all: p ${pText(p)}, ${finding}.`;
}

function between(least: number, most: number): string {
  return least === most ? String(least) : `${least} to ${most}`;
}
