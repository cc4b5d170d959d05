import { compared } from '../measures/compared.ts';
import type { Compared, Spread } from '../measures/comparison-measures.ts';
import type { Percentile, TrialMeasures } from '../measures/measures.ts';
import { spreadsOf } from '../measures/spread.ts';
import { perSecond, span } from './format.ts';
import { markup, type Markup } from './markup.ts';
import { linearScale, logarithmicScale, type Scale } from './scale.ts';

/** The trials of one cell on one target, or the golden runs. */
export interface ProfileRow {
  readonly label: string;
  readonly trials: readonly TrialMeasures[];
  /** In which measures it can be told from the golden runs; empty where it is not known. */
  readonly distinguishable: ReadonlySet<Compared>;
}

export interface ProfileGroup {
  readonly title: string;
  readonly rows: readonly ProfileRow[];
}

/** Of the width of a track; what is right of it is infinite. */
const finiteShare = 0.9;

const profileTitles: Readonly<Record<Compared, string>> = {
  l50: 'L50 after the fault',
  l90: 'L90 after the fault',
  throughput: 'Throughput after the fault',
  unavailability: 'Unavailability (U)',
};

const order: readonly Compared[] = ['unavailability', 'l50', 'l90', 'throughput'];

/** Four measures beside each other, a row for each cell, all rows on the same four axes, with what the golden runs came to behind them. */
export function profile(groups: readonly ProfileGroup[], golden: readonly TrialMeasures[]): Markup {
  const reference = spreadsOf(golden.filter(({ valid }) => valid));
  const drawn = groups.map(({ title, rows }) => ({
    title,
    rows: rows.map((row) => ({ ...row, spreads: spreadsOf(row.trials.filter(({ valid }) => valid)) })),
  }));
  const all = [...drawn.flatMap(({ rows }) => rows.flatMap(({ spreads }) => spreads)), ...reference];
  const scales = new Map(compared.map((measure) => [measure, scaleOf(measure, all)]));
  return markup`<div class="profile">
<div class="row head"><span class="label"></span>${order.map((measure) => markup`<span class="axis"><b>${profileTitles[measure]}</b>${axis(scales.get(measure), measure)}</span>`)}</div>
${drawn.map(
  ({ title, rows }) => markup`<p class="group">${title}</p>
${rows.map(
  ({ label, spreads, distinguishable }) =>
    markup`<div class="row"><span class="label">${label}</span>${order.map((measure) =>
      track(
        measure,
        spreads.find((one) => one.measure === measure),
        reference.find((one) => one.measure === measure),
        scales.get(measure),
        distinguishable.has(measure),
      ),
    )}</div>
`,
)}`,
)}</div>`;
}

function track(
  measure: Compared,
  spread: Spread | undefined,
  golden: Spread | undefined,
  scale: Scale | undefined,
  isDistinguishable: boolean,
): Markup {
  const title = profileTitles[measure];
  if (spread === undefined || scale === undefined || spread.n === 0)
    return markup`<span class="track"><span class="short">${title}</span><span class="none">unknown</span></span>`;
  const { median, worst } = spread;
  const x = (value: Percentile): number => placeOf(value, scale) ?? 0;
  const bar = (name: string, low: Percentile, high: Percentile): Markup =>
    markup`<i class="${name}" style="left:${percent(x(low))};width:${percent(Math.max(0, x(high) - x(low)))}"></i>`;
  const at = (name: string, value: Percentile): Markup =>
    markup`<i class="${name}${value === 'failed' ? ' beyond' : ''}" style="left:${percent(x(value))}"></i>`;
  const said = `${title}: median ${amountOf(measure, median.value)} (${amountOf(measure, median.low)} to ${amountOf(measure, median.high)}), worst ${amountOf(measure, worst)}, ${spread.n} trials`;
  return markup`<span class="track" role="img" aria-label="${said}" title="${said}"><span class="short">${title}</span><span class="plot">${
    golden === undefined || golden.n === 0 ? undefined : bar('golden', golden.median.low, golden.median.high)
  }${bar('interval', median.low, median.high)}${at('worst', worst)}${at(isDistinguishable ? 'middle' : 'middle open', median.value)}</span></span>`;
}

function scaleOf(measure: Compared, spreads: readonly Spread[]): Scale {
  const values = spreads
    .filter((spread) => spread.measure === measure)
    .flatMap(({ median, worst }) => [median.low, median.value, median.high, worst])
    .filter((value) => typeof value === 'number');
  if (measure === 'l50' || measure === 'l90') return logarithmicScale(values);
  if (measure === 'throughput') return linearScale(values);
  const seconds = linearScale(values.map((us) => us / 1e6));
  return { place: (us) => seconds.place(us / 1e6), ticks: seconds.ticks.map((tick) => tick * 1e6) };
}

function axis(scale: Scale | undefined, measure: Compared): Markup {
  const ticks = scale?.ticks ?? [];
  // First, last and one between them have room on the narrowest page.
  const shown =
    ticks.length <= 3 ? ticks : [0, ticks.length >> 1, ticks.length - 1].map((at) => ticks[at] ?? 0);
  return markup`<span class="ticks">${shown.map(
    (tick, at) =>
      markup`<span${at > 0 && at === shown.length - 1 ? markup` class="last"` : undefined} style="left:${percent((scale?.place(tick) ?? 0) * finiteShare)}">${amountOf(measure, tick)}</span>`,
  )}${measure === 'throughput' ? undefined : markup`<span style="left:97%">∞</span>`}</span>`;
}

function amountOf(measure: Compared, value: Percentile): string {
  if (value === 'unknown') return value;
  if (value === 'failed') return '∞';
  return measure === 'throughput' ? perSecond(value) : span(value);
}

function placeOf(value: Percentile, scale: Scale): number | undefined {
  if (value === 'unknown') return undefined;
  return value === 'failed' ? 0.97 : scale.place(value) * finiteShare;
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))}%`;
}
