import type { Definition } from '../../campaign/definition.ts';
import type { TrialMeasures } from '../measures/measures.ts';
import { perSecond, span } from './format.ts';
import { lane } from './lane.ts';
import { markup, type Markup } from './markup.ts';
import { type Line, type Panel, panel } from './panel.ts';
import { linearScale, logarithmicScale, timeScale } from './scale.ts';
import type { Bin, Series } from './series.ts';

/** Throughput, error rate and latency of one trial, on one axis of time. */
export function timeline(trial: TrialMeasures, series: Series, definition: Definition): Markup {
  const { fromUs, untilUs } = series;
  const { instants, fault } = trial;
  const zeroUs = instants?.injectUs ?? fromUs;
  const time = timeScale(fromUs, Math.max(untilUs, lastWordUs(trial)), zeroUs);
  const window =
    instants === undefined
      ? undefined
      : { fromUs: instants.injectUs, untilUs: instants.removeUs, planned: fault === undefined };
  const panels = [
    throughput(series, definition),
    errorRate(series, definition),
    latencies(series, definition),
  ];
  const since =
    instants === undefined ? 'the start' : fault === undefined ? 'the planned injection' : 'the injection';
  return markup`<figure class="timeline">
${panels.map((one) => panel(one, { time, window }))}${lane(trial, time, zeroUs)}
<div class="panel axis"><div class="plot">${time.ticks.map(
    (tick) =>
      markup`<span class="tick${time.place(tick) > lastPlace ? ' last' : ''}" style="left:${share(time.place(tick))}">${span(tick - zeroUs)}</span>`,
  )}</div></div>
<figcaption>${caption(series, since, time.place(untilUs) < 1)}</figcaption>
</figure>
`;
}

/** A label in the middle below a place beyond it would stand out of the page. */
const lastPlace = 0.95;

/** The infrastructure may speak when the load is over; a little room after its last word. */
function lastWordUs({ infrastructure: { response }, absences, instants }: TrialMeasures): number {
  const { detection, begun, done } = response ?? {};
  const words = [detection, begun, done].filter((notice) => notice !== undefined);
  const backUs = absences.map(({ returnedUs = 0 }) => returnedUs);
  const lastUs = Math.max(0, ...words.map(({ atUs, errorUs }) => atUs + errorUs), ...backUs);
  return instants !== undefined && lastUs > instants.endUs ? lastUs + (lastUs - instants.startUs) * 0.02 : 0;
}

function caption({ binUs, bins }: Series, since: string, goesOn: boolean): string {
  const hasBeyond = bins.some(({ l90Us }) => l90Us === Infinity);
  return [
    `Time from ${since}; each step is ${span(binUs)} of intended sends.`,
    ...(goesOn
      ? ['The load ended before the infrastructure had said its last word, or a host was back.']
      : []),
    ...(hasBeyond ? ['A bar over the latency: there the percentile falls on a failed request.'] : []),
  ].join(' ');
}

function throughput({ bins, binUs, fromUs, untilUs }: Series, { slo }: Definition): Panel {
  const rates = bins.map(({ sent, failed }, index) => {
    const lengthUs = Math.min(binUs, untilUs - fromUs - index * binUs);
    return ((sent - failed) * 1e6) / lengthUs;
  });
  const limit = slo.throughputPerS;
  const scale = linearScale(limit === undefined ? rates : [...rates, limit]);
  return {
    title: 'Throughput',
    lines: [{ name: 'throughput', values: rates }],
    binUs,
    fromUs,
    untilUs,
    scale,
    label: perSecond,
    limits: limit === undefined ? [] : [limit],
  };
}

function errorRate({ bins, binUs, fromUs, untilUs }: Series, { unavailability }: Definition): Panel {
  return {
    title: 'Error rate',
    lines: [
      { name: 'errors', values: bins.map(({ sent, failed }) => (sent === 0 ? undefined : failed / sent)) },
    ],
    binUs,
    fromUs,
    untilUs,
    scale: linearScale([1]),
    label: (value) => `${value * 100}%`,
    limits: [unavailability.errorRate],
  };
}

function latencies({ bins, binUs, fromUs, untilUs }: Series, { slo }: Definition): Panel {
  const lines: Line[] = [
    { name: 'l90', values: bins.map((bin: Bin) => bin.l90Us), legend: 'L90' },
    { name: 'l50', values: bins.map((bin: Bin) => bin.l50Us), legend: 'L50' },
  ];
  const limits = [slo.l50Us, slo.l90Us].filter((limit) => limit !== undefined);
  const finite = lines
    .flatMap(({ values }) => values)
    .filter((value) => value !== undefined && value !== Infinity);
  return {
    title: 'Latency',
    lines,
    binUs,
    fromUs,
    untilUs,
    scale: logarithmicScale([...finite.filter((value) => value !== undefined), ...limits]),
    label: span,
    limits,
  };
}

function share(value: number): string {
  return `${Number((value * 100).toFixed(3))}%`;
}
