import type { Definition } from '../../campaign/definition.ts';
import type {
  InjectionFacts,
  Judgement,
  Outage,
  SensitiveUnavailability,
  TrialMeasures,
  Unavailability,
} from '../measures/measures.ts';
import { amount, count, percent, span, unavailability, yesNo } from './format.ts';
import { foundText, limitText, measureTitles } from './limit.ts';
import { markup, type Markup, type Piece } from './markup.ts';
import type { Series } from './series.ts';
import { type Column, table } from './table.ts';
import { timeline } from './timeline.ts';
import { verdictBadge } from './verdict.ts';

export function trialArticle(
  trial: TrialMeasures,
  series: Series | undefined,
  definition: Definition,
): Markup {
  const { fault, judgements, injections, reasons, notes, service } = trial;
  return markup`<article id="trial-${trial.trial}">
<h3>${trial.trial}: ${fault === undefined ? 'golden run' : fault.name} ${verdictBadge(trial.verdict)}</h3>
<p class="kind">${subtitle(trial)}</p>
${list(reasons)}
${series === undefined ? markup`<p>There are no samples to draw a timeline of.</p>` : timeline(trial, series, definition)}
<div class="beside">
${judgements.length === 0 ? undefined : table('Against the references', judgementColumns, judgements)}
${service === undefined ? undefined : outages(trial, service.unavailability)}
${service === undefined ? undefined : table('U by other definitions', sensitivityColumns, service.unavailability.sensitivity)}
</div>
${injections.length === 0 ? undefined : table('Injections', injectionColumns, injections)}
${list(notes)}
</article>
`;
}

function subtitle({ fault, repetition, attempt, instants, outcome }: TrialMeasures): string {
  const parts = [
    ...(fault === undefined ? [] : [`${fault.cell} by ${fault.mechanism}, root cause ${fault.rootCause}`]),
    ...(fault === undefined ? [] : [`on ${fault.targets.join(' and ')}`]),
    `repetition ${repetition}`,
    ...(attempt === 1 ? [] : [`attempt ${attempt}`]),
    outcome,
    instants === undefined
      ? 'instants unknown'
      : `instants within ${span(instants.errorUs)} of the reference clock`,
  ];
  return `${parts.join('; ')}.`;
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

const injectionColumns: readonly Column<InjectionFacts>[] = [
  { title: 'Injection', cell: ({ injection }) => name(injection) },
  { title: 'Host', cell: ({ host }) => name(host) },
  { title: 'Mechanism', cell: ({ mechanism }) => name(mechanism) },
  {
    title: 'Effects',
    numeric: true,
    cell: ({ effects, effectUnit }) =>
      effects === 'unknown' ? effects : `${count(effects)} × ${effectUnit}`,
  },
  { title: 'Activated', cell: ({ activated }) => yesNo(activated) },
  { title: 'Dose', numeric: true, cell: doseText },
  { title: 'Began late by', numeric: true, cell: ({ startLateUs, errorUs }) => late(startLateUs, errorUs) },
  { title: 'Ended late by', numeric: true, cell: ({ revertLateUs, errorUs }) => late(revertLateUs, errorUs) },
  { title: 'Ended because', cell: ({ endedBecause }) => endedBecause ?? 'unknown' },
  { title: 'Seen applied', cell: ({ appliedVerified }) => yesNo(appliedVerified) },
  { title: 'Seen clean', cell: ({ cleanVerified }) => yesNo(cleanVerified) },
  { title: 'What went wrong', cell: ({ failure }) => failure ?? 'nothing' },
];

/** Not to be broken at its hyphens. */
function name(text: string): Markup {
  return markup`<span class="name">${text}</span>`;
}

function doseText({ dose }: InjectionFacts): Piece {
  return dose === undefined ? 'none' : `${amount(dose.achieved)} of ${amount(dose.asked)} ${dose.unit}`;
}

function late(us: number | undefined, errorUs: number | undefined): string {
  if (us === undefined) return 'unknown';
  return errorUs === undefined ? span(us) : `${span(us)} ± ${span(errorUs)}`;
}
