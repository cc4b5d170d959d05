import type { Judgement, Measures, TrialMeasures, Verdict } from '../measures/measures.ts';
import { foundText, limitText, measureTitles } from './limit.ts';
import { markup, type Markup } from './markup.ts';
import { type Column, foldingTable } from './table.ts';
import { trialLink } from './trial-link.ts';
import { verdictBadge } from './verdict.ts';

type Measure = Judgement['measure'];

interface Found {
  readonly trial: TrialMeasures;
  readonly judgement: Judgement;
}

interface Reference {
  readonly measure: Measure;
  readonly demanded: number;
  readonly found: readonly Found[];
  readonly worst?: Found;
}

/** Each thing that the campaign demands, and the worst that was found. */
export function acceptance({ trials }: Measures): Markup {
  const references = referencesOf(trials);
  return markup`<section class="card"><h2>Demanded and found</h2>
${references.length === 0 ? markup`<p>Nothing was judged against a demand of the campaign.</p>` : foldingTable('The worst of all trials, golden runs included', columns, references)}
</section>`;
}

const measures: readonly Measure[] = ['l50', 'l90', 'throughput', 'unavailability'];

function referencesOf(trials: readonly TrialMeasures[]): Reference[] {
  return measures.flatMap((measure) => {
    const found = trials.flatMap((trial) => {
      const judgement = trial.judgements.find((one) => one.measure === measure);
      return judgement === undefined ? [] : [{ trial, judgement }];
    });
    const [first] = found;
    if (first === undefined) return [];
    const known = found.filter(({ judgement }) => judgement.found !== 'unknown');
    const worst = known.toSorted((one, other) => severity(other) - severity(one) || 0)[0];
    return [
      { measure, demanded: first.judgement.demanded, found, ...(worst === undefined ? {} : { worst }) },
    ];
  });
}

/** Larger is worse; of a throughput less is. Not infinite, so that two of the worst can be compared. */
function severity({ judgement: { found, measure } }: Found): number {
  if (typeof found !== 'number') return Number.MAX_VALUE;
  return measure === 'throughput' ? -found : found;
}

const columns: readonly Column<Reference>[] = [
  { title: 'Measure', cell: ({ measure }) => measureNames[measure] },
  { title: 'Demanded', numeric: true, cell: ({ measure, demanded }) => limitText(measure, demanded) },
  {
    title: 'Worst found',
    numeric: true,
    cell: ({ worst }) =>
      worst === undefined
        ? 'unknown'
        : markup`<b>${foundText(worst.judgement)}</b> <small>in</small> ${trialLink(worst.trial.trial)}`,
  },
  {
    title: 'Broken in',
    numeric: true,
    cell: ({ found }) => `${broken(found)} of ${found.length}`,
  },
  { title: 'Verdict', cell: ({ found }) => verdictBadge(verdictOf(found)) },
];

const measureNames: Readonly<Record<Measure, string>> = {
  ...measureTitles,
  l50: 'L50 after the fault',
  l90: 'L90 after the fault',
  throughput: 'Throughput after the fault',
  unavailability: 'Unavailability (U)',
};

function broken(found: readonly Found[]): number {
  return found.filter(({ judgement }) => judgement.verdict === 'fail').length;
}

function verdictOf(found: readonly Found[]): Verdict {
  if (broken(found) > 0) return 'fail';
  return found.some(({ judgement }) => judgement.verdict === 'unknown') ? 'unknown' : 'pass';
}
