import { faultTitle } from '../../campaign/fault-title.ts';
import type {
  Measures,
  Percentile,
  TrialMeasures,
  Unavailability,
  WindowMeasures,
} from '../measures/measures.ts';
import { cellsIndex } from './cells-index.ts';
import { count, latency, perSecond, span } from './format.ts';
import { markup, type Markup } from './markup.ts';
import { outcomeTitles } from './outcome.ts';
import { type Column, table } from './table.ts';
import { trialLink } from './trial-link.ts';
import { verdictBadge } from './verdict.ts';

type TrialColumn = Column<TrialMeasures>;

export function summarySection(measures: Measures): Markup {
  const { trials } = measures;
  const faulty = trials.filter(({ fault }) => fault !== undefined);
  const golden = trials.filter(({ fault }) => fault === undefined);
  const faultTable = table('Trials with a fault', [...naming, ...faultColumns, ...serviceColumns], faulty);
  const goldenTable = table('Golden runs: the same load, no fault', [...naming, ...serviceColumns], golden);
  return markup`<section>
<h2 id="summary">Every trial</h2>
<p>L50 and L90 are latencies from the intended send; a failed request ranks above every success. Before, during and after
are the stretches of a trial around its fault. U is how long the service was unavailable from the injection on.</p>
${cellsIndex(measures)}
<details class="tables"${trials.length <= foldedAbove ? markup` open` : undefined}><summary>In numbers, trial by trial</summary>
${faulty.length === 0 ? markup`<p>No trial with a fault was begun.</p>` : faultTable}
${golden.length === 0 ? markup`<p>There was no golden run to compare with.</p>` : goldenTable}
</details>
</section>`;
}

/** A longer table is for looking something up. */
const foldedAbove = 30;

const naming: readonly TrialColumn[] = [
  { title: 'Trial', cell: ({ trial }) => trialLink(trial) },
  { title: 'Verdict', cell: ({ verdict }) => verdictBadge(verdict) },
];

const faultColumns: readonly TrialColumn[] = [
  { title: 'Fault', cell: ({ fault }) => faultTitle(fault) },
  {
    title: 'Cell and mechanism',
    cell: ({ fault }) => markup`<div>${fault?.cell}</div><small>${fault?.mechanism}</small>`,
  },
  { title: 'Target', cell: ({ fault }) => fault?.targets.map(targetCell) },
  { title: 'Effects', numeric: true, cell: effects },
  { title: 'Outcome', cell: ({ outcomeOfFault }) => outcomeOfFault && outcomeTitles[outcomeOfFault.is] },
];

const serviceColumns: readonly TrialColumn[] = [
  {
    title: 'U',
    numeric: true,
    cell: ({ service }) => (service === undefined ? 'unknown' : interruption(service.unavailability)),
  },
  {
    title: 'Longest outage',
    numeric: true,
    cell: ({ service }) => (service === undefined ? 'unknown' : span(service.unavailability.longestUs)),
  },
  ...windowColumns('L50', (window) => shownLatency(window.latency.l50Us)),
  ...windowColumns('L90', (window) => shownLatency(window.latency.l90Us)),
  ...windowColumns('Throughput', (window) => perSecond(window.throughputPerS)),
];

function windowColumns(under: string, show: (window: WindowMeasures) => string | Markup): TrialColumn[] {
  return (['before', 'during', 'after'] as const).map((title) => ({
    title,
    under,
    numeric: true,
    cell: ({ service }) => (service === undefined ? 'unknown' : show(service[title])),
  }));
}

function shownLatency(percentile: Percentile): string | Markup {
  return percentile === 'failed' ? markup`<span class="bad">failed</span>` : latency(percentile);
}

/** The host, and under it what of the host. */
function targetCell(target: string): Markup {
  const [host = '', ...what] = target.split('/');
  return markup`<div class="name">${host}</div><small class="name">${what.join('/')}</small>`;
}

/** On two lines where it has no end, to keep the table narrow. */
function interruption({ us, recovered }: Unavailability): string | Markup {
  if (recovered) return span(us);
  return markup`<div class="bad">not recovered</div><small>(at least ${span(us)})</small>`;
}

/** Of all injections of the trial; each with its own unit, where there are several. */
function effects({ injections }: TrialMeasures): Markup | string {
  if (injections.length === 0) return 'unknown';
  return markup`${injections.map(
    (injection) => markup`<div>${count(injection.effects)}</div><small>${injection.effectUnit}</small>`,
  )}`;
}
