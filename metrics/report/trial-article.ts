import { faultTitle } from '../../campaign/fault-title.ts';
import type { Definition } from '../../campaign/definition.ts';
import type {
  FaultFacts,
  Judgement,
  Outage,
  SensitiveUnavailability,
  Skew,
  TrialMeasures,
  Unavailability,
} from '../measures/measures.ts';
import { absencesTable } from './absences-table.ts';
import { combinedFaultsTable } from './combined-faults.ts';
import type { WindowDistributions } from './distribution.ts';
import { count, latency, percent, span, unavailability } from './format.ts';
import { injectionsTable } from './injections-table.ts';
import { foundText, limitText, measureTitles } from './limit.ts';
import { markup, type Markup } from './markup.ts';
import { outcomeText, outcomeTitles } from './outcome.ts';
import { responseTables } from './response.ts';
import type { Series } from './series.ts';
import { type LatencyAxis, strips } from './strips.ts';
import { type Column, table } from './table.ts';
import { timeline } from './timeline.ts';
import { verdictBadge } from './verdict.ts';

/** How a trial is shown: the drawings that could be made of its samples, and whether it is open before anybody asks. */
export interface Shown {
  readonly series: Series | undefined;
  readonly distributions: WindowDistributions | undefined;
  readonly axis: LatencyAxis;
  readonly open: boolean;
}

/** Folded, it is one line. */
export function trialArticle(
  trial: TrialMeasures,
  { series, distributions, axis, open }: Shown,
  definition: Definition,
): Markup {
  const { fault, judgements, injections, reasons, notes, service } = trial;
  return markup`<details class="trial"${open ? markup` open` : undefined}>
<summary><h3>${trial.trial}: ${faultTitle(fault)}</h3> ${verdictBadge(trial.verdict)} <span class="gist">${gist(trial)}</span></summary>
<article id="trial-${trial.trial}">
<p class="kind">${subtitle(trial)}</p>
${list(reasons)}
${series === undefined ? markup`<p>There are no samples to draw a timeline of.</p>` : timeline(trial, series, definition)}
${distributions === undefined ? undefined : strips('Latencies, on the axis of the whole report.', [{ windows: distributions }], axis)}
<div class="beside">
${judgements.length === 0 ? undefined : table('Against the references', judgementColumns, judgements)}
${responseTables(trial)}
${service === undefined ? undefined : outages(trial, service.unavailability)}
${service === undefined || service.unavailability.sensitivity.length === 0 ? undefined : table('U by other definitions', sensitivityColumns, service.unavailability.sensitivity)}
</div>
${combinedFaultsTable(fault)}
${injectionsTable(injections)}
${partsText(trial)}
${absencesTable(trial)}
${list(notes)}
</article>
</details>
`;
}

/** What is most worth knowing of a trial, in a line. */
function gist({ fault, outcomeOfFault, service, infrastructure: { response } }: TrialMeasures): string {
  const after = service?.after.latency.l90Us;
  const parts = [
    ...(fault === undefined ? [] : [fault.cell]),
    ...(outcomeOfFault === undefined ? [] : [outcomeTitles[outcomeOfFault.is]]),
    ...(service === undefined ? [] : [`U ${unavailability(service.unavailability)}`]),
    ...(after === undefined ? [] : [`L90 after ${latency(after)}`]),
    ...(response?.detected === true ? ['detected'] : response?.detected === false ? ['not detected'] : []),
  ];
  return parts.join(' · ');
}

function subtitle({ fault, repetition, attempt, instants, outcome, outcomeOfFault }: TrialMeasures): string {
  const parts = [
    ...(fault === undefined ? [] : whatOf(fault)),
    `repetition ${repetition}`,
    ...(attempt === 1 ? [] : [`attempt ${attempt}`]),
    outcome,
    ...(outcomeOfFault === undefined ? [] : [`outcome of the fault: ${outcomeText(outcomeOfFault)}`]),
    instants === undefined
      ? 'instants unknown'
      : `instants within ${span(instants.errorUs)} of the reference clock`,
  ];
  return `${parts.join('; ')}.`;
}

/** How simultaneous a fault of several parts was. */
function partsText({ injections, skew }: TrialMeasures): Markup | undefined {
  if (skew === undefined) return undefined;
  const apart = (part: Skew | undefined): string =>
    part === undefined ? 'nobody knows how far apart' : `${span(part.us)} ± ${span(part.errorUs)} apart`;
  const isOver = injections.every(({ oneShot }) => oneShot);
  const ended = isOver ? '' : `, and ended ${apart(skew.end)}`;
  return markup`<p>The ${count(injections.length)} parts of the fault began ${apart(skew.start)}${ended}.</p>`;
}

/** Of a combination the table of its faults tells more. */
function whatOf(fault: FaultFacts): string[] {
  const { cell, mechanism, rootCause, faults } = fault;
  if (faults !== undefined) return [`${count(faults.length)} faults: ${cell}`];
  return [`${cell} by ${mechanism}, root cause ${rootCause}`, placeOf(fault)];
}

function placeOf({ element, targets }: FaultFacts): string {
  const parts = targets.join(' and ');
  return element === undefined ? `on ${parts}` : `on ${element}, at once for ${parts}`;
}

function list(sentences: readonly string[]): Markup | undefined {
  if (sentences.length === 0) return undefined;
  return markup`<ul>${sentences.map((sentence) => markup`<li>${sentence}</li>`)}</ul>`;
}

const judgementColumns: readonly Column<Judgement>[] = [
  { title: 'Measure', cell: ({ measure }) => measureTitles[measure] },
  { title: 'Demanded', numeric: true, cell: ({ measure, demanded }) => limitText(measure, demanded) },
  { title: 'Found', numeric: true, cell: foundText },
  { title: 'Verdict', cell: ({ verdict }) => verdictBadge(verdict) },
];

function outages({ instants }: TrialMeasures, found: Unavailability): Markup | undefined {
  if (found.outages.length === 0) return undefined;
  const open = found.recovered ? undefined : found.outages.at(-1);
  const zeroUs = instants?.injectUs ?? 0;
  const columns: Column<Outage>[] = [
    { title: 'From the injection', cell: ({ fromUs }) => span(fromUs - zeroUs) },
    {
      title: 'Length',
      numeric: true,
      cell: (outage) => {
        const length = span(outage.toUs - outage.fromUs);
        return outage === open ? `at least ${length}, open at the end` : length;
      },
    },
    { title: 'Requests lost', numeric: true, cell: ({ requestsLost }) => count(requestsLost) },
  ];
  return table('Outages', columns, found.outages);
}

const sensitivityColumns: readonly Column<SensitiveUnavailability>[] = [
  { title: 'Window', cell: ({ windowUs }) => span(windowUs) },
  {
    title: 'Error rate above',
    numeric: true,
    cell: ({ errorRate }) => percent(errorRate),
  },
  {
    title: 'U',
    numeric: true,
    cell: unavailability,
  },
];
