import type { Definition } from '../../campaign/definition.ts';
import {
  failedShare,
  quantile,
  windowNames,
  type Distribution,
  type WindowDistributions,
} from './distribution.ts';
import { count, percent, span } from './format.ts';
import { markup, type Markup } from './markup.ts';
import { logarithmicScale, type Scale } from './scale.ts';

/** The one axis on which every latency of a report is drawn, so that any two strips can be compared by eye. */
export interface LatencyAxis {
  readonly scale: Scale;
  readonly limits: readonly number[];
}

/** Of the width, for latencies; what is right of it is for the requests that were never answered well. */
const answeredShare = 0.86;
/** A label nearer to the end than this would touch that of the failed ones, on a telephone. */
const lastTick = 0.92;
const width = 1000;
const height = 20;

export function latencyAxis(
  all: Iterable<WindowDistributions>,
  { slo }: Pick<Definition, 'slo'>,
): LatencyAxis {
  const limits = [slo.l50Us, slo.l90Us].filter((limit) => limit !== undefined);
  const ends = [...all].flatMap((windows) =>
    windowNames.flatMap((name) => [0.01, 0.99].map((share) => quantile(windows[name], share) ?? Infinity)),
  );
  return { scale: logarithmicScale([...ends.filter((us) => us !== Infinity), ...limits]), limits };
}

/** Before, during and after the fault, one strip under the other, for each of some groups of requests. */
export function strips(
  caption: Markup | string,
  groups: readonly { readonly name?: string; readonly windows: WindowDistributions }[],
  axis: LatencyAxis,
): Markup {
  return markup`<figure class="strips">
${groups.map(
  ({ name, windows }) => markup`${name === undefined ? undefined : markup`<p class="strip-group">${name}</p>`}
${windowNames.map((window) => strip(window, windows[window], axis))}`,
)}
<div class="strip axis"><span class="label"></span><div class="track">${axis.scale.ticks
    .filter((tick) => axis.scale.place(tick) < lastTick)
    .map(
      (tick) =>
        markup`<span class="tick" style="left:${round(axis.scale.place(tick) * answeredShare * 100)}%">${span(tick)}</span>`,
    )}<span class="tick beyond">failed</span></div><span class="lost"></span></div>
<figcaption>${caption}</figcaption>
</figure>
`;
}

export const stripLegend =
  'Line: from the 1st to the 99th percentile. Box: from the 10th to the 90th. Mark: the median. The right edge: the share of requests that failed; a percentile that falls on one reaches into it. Dashed: what is demanded of L50 and L90.';

function strip(label: string, distribution: Distribution, { scale, limits }: LatencyAxis): Markup {
  const share = failedShare(distribution);
  if (share === undefined) {
    return markup`<div class="strip"><span class="label">${label}</span><span class="none">no requests</span></div>
`;
  }
  const edge = width * answeredShare;
  const x = (us: number): number => round(us === Infinity ? edge + 14 : scale.place(us) * edge);
  const at = (wanted: number): number => x(quantile(distribution, wanted) ?? Infinity);
  const box = at(0.9) - at(0.1);
  const lost = (width - edge - 20) * share;
  const total = distribution.answered + distribution.failed;
  const percentile = (wanted: number): string => {
    const us = quantile(distribution, wanted) ?? Infinity;
    return us === Infinity ? 'failed' : `about ${span(us)}`;
  };
  const said = `${label}: median ${percentile(0.5)}, 90th percentile ${percentile(0.9)}, ${percent(share)} of ${count(total)} requests failed`;
  return markup`<div class="strip"><span class="label">${label}</span><div class="track"><svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" role="img"><title>${said}</title><rect class="zone" x="${edge + 20}" y="0" width="${width - edge - 20}" height="${height}"/>${limits.map(
    (limit) => markup`<path class="limit" d="M${x(limit)} 0v${height}"/>`,
  )}${
    share === 1
      ? undefined
      : markup`<path class="whisker" d="M${at(0.01)} ${height / 2}H${at(0.99)}"/><rect class="box" x="${at(0.1)}" y="4" width="${round(Math.max(box, 2))}" height="${height - 8}"/><path class="median" d="M${at(0.5)} 1V${height - 1}"/>`
  }${
    share === 0
      ? undefined
      : markup`<rect class="failed" x="${edge + 20}" y="2" width="${round(Math.max(lost, 3))}" height="${height - 4}"/>`
  }</svg></div><span class="lost">${share === 0 ? 'none' : percent(share)}</span></div>
`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
