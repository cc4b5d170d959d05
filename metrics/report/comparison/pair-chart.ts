import type { MeasureComparison, RowComparison } from '../../comparison/comparison.ts';
import { percent } from '../format.ts';
import { markup, type Markup } from '../markup.ts';
import { pairScale, type PairScale } from './pair-scale.ts';
import { findingBadge, letter, type Which } from './sides.ts';
import { averageText, judgedP, pText, shareText, spreadText } from './words.ts';

/** A label that begins behind it would leave a narrow page. */
const atTheEdge = 0.95;

/** Every row of a measure on one axis: both sides, and what is found of them. */
export function pairChart(measure: MeasureComparison): Markup {
  const scale = pairScale(measure);
  const { total, rows } = measure;
  return markup`<figure class="pairs">
${total === undefined ? undefined : pair(total, measure, scale, ' total')}
${rows.map((row) => pair(row, measure, scale))}
<div class="pair axis"><span class="label"></span><div class="tracks">${scale.ticks.map(
    ({ at, label }) =>
      markup`<span class="tick${scale.place(at) > atTheEdge ? ' last' : ''}" style="left:${share(scale.place(at))}">${label}</span>`,
  )}</div><span class="numbers"></span><span class="said"></span></div>
<figcaption>${caption(measure)}</figcaption>
</figure>
`;
}

function pair(row: RowComparison, { unit }: MeasureComparison, scale: PairScale, kind = ''): Markup {
  const p = pText(judgedP(row));
  return markup`<div class="pair${kind}"><span class="label">${row.row}</span><div class="tracks">${drawn(row, 'one', scale)}${drawn(row, 'other', scale)}</div><div class="numbers">${(
    ['one', 'other'] as const
  ).map(
    (which) => markup`<span>${letter(which)}${numbers(row, which, unit)}</span>`,
  )}</div><div class="said">${findingBadge(row)}${p === '' ? undefined : markup`<div><small>p ${p}</small></div>`}</div></div>
`;
}

function numbers(row: RowComparison, which: Which, unit: MeasureComparison['unit']): string {
  if (row.kind === 'values') return spreadText(row[which], unit);
  if (row.kind === 'averages') return averageText(row[which], unit) || 'not known';
  const found = row[which];
  if (found === undefined) return 'not known';
  return found.n === 0 ? 'none to count' : `${shareText(found)} (${percent(found.share)})`;
}

/** The interval of a share, the range of values; and the share itself, the median, the average. */
function drawn(row: RowComparison, which: Which, scale: PairScale): Markup | undefined {
  if (row.kind === 'shares') {
    const found = row[which];
    if (found === undefined || found.share === 'unknown') return undefined;
    return markup`${interval(which, scale, found.low, found.high)}${point(which, scale, found.share)}`;
  }
  if (row.kind === 'values') {
    const { least, largest, median } = row[which];
    const from = least === 'never' ? undefined : least;
    return markup`${from === undefined ? undefined : interval(which, scale, from, largest)}${point(which, scale, median)}`;
  }
  const average = row[which];
  return average === undefined || 'mark' in average ? undefined : point(which, scale, average.value);
}

function interval(which: Which, { place }: PairScale, from: number, to: number | 'never'): Markup {
  const left = place(from);
  const right = to === 'never' ? 1 : place(to);
  return markup`<span class="interval ${which}" style="left:${share(left)};width:${share(right - left)}"></span>`;
}

function point(which: Which, { place }: PairScale, value: number | 'never'): Markup {
  const at = value === 'never' ? 1 : place(value);
  return markup`<span class="point ${which}${value === 'never' ? ' never' : ''}" style="left:${share(at)}"></span>`;
}

function caption({ unit, rows, tests }: MeasureComparison): string {
  const drawing =
    unit === undefined
      ? 'Mark: the share. Line: its 95% Wilson interval.'
      : rows.some(({ kind }) => kind === 'values')
        ? 'Mark: the median of the trials, with their number; a triangle at the edge: ∞. Line: from the least to the largest.'
        : 'Mark: the average that was published; * over the recovered cases only.';
  return tests === 0
    ? drawing
    : `${drawing} p: corrected for ${tests} ${tests === 1 ? 'test' : 'tests'} by Holm, but for the total.`;
}

function share(value: number): string {
  return `${Number((value * 100).toFixed(2))}%`;
}
