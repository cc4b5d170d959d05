import type { Measures } from '../measures/measures.ts';
import { comparisonSection } from './comparison-section.ts';
import { concludedSection } from './concluded-section.ts';
import { coverageSection } from './coverage-section.ts';
import { definitionSection } from './definition-section.ts';
import type { WindowDistributions } from './distribution.ts';
import { doubtsSection } from './doubts.ts';
import { figuresSection } from './figures-section.ts';
import { glossarySection } from './glossary.ts';
import { groupsSection } from './groups.ts';
import { header } from './header.ts';
import { latencySection } from './latency-section.ts';
import { markup } from './markup.ts';
import { notable } from './notable.ts';
import { outcomesSection } from './outcomes-section.ts';
import { page } from './page.ts';
import { profileStyle } from './profile-style.ts';
import { prunedSection } from './pruned-section.ts';
import { provenanceSection } from './provenance.ts';
import type { Series } from './series.ts';
import { latencyAxis } from './strips.ts';
import { summarySection } from './summary.ts';
import { thesisTables } from './thesis-tables.ts';
import { trialArticle } from './trial-article.ts';
import { unavailabilitySection } from './unavailability-section.ts';

interface ReportInput {
  readonly measures: Measures;
  /** By trial, from its start to its end; a trial without samples has none and gets no timeline. */
  readonly series: ReadonlyMap<string, Series>;
  /** Of the same trials. */
  readonly distributions: ReadonlyMap<string, WindowDistributions>;
  /** What the campaign said of itself when it started: versions, kernels, seed, digests. Shown as it is. */
  readonly provenance: Readonly<Record<string, string>>;
}

/** Paper gets what is open. */
export function renderReport({ measures, series, distributions, provenance }: ReportInput): string {
  const { definition, trials } = measures;
  const axis = latencyAxis(distributions.values(), definition);
  const shown = notable(trials);
  const articles = trials.map((trial) =>
    trialArticle(
      trial,
      {
        series: series.get(trial.trial),
        distributions: distributions.get(trial.trial),
        axis,
        open: shown.has(trial.trial),
      },
      definition,
    ),
  );
  return page({
    title: `${measures.name}: ${measures.verdict}`,
    ownStyle: profileStyle,
    header: header(measures),
    contents: contents.filter(([id]) => isThere(id, measures)),
    main: markup`${outcomesSection(measures)}
${figuresSection(measures)}
${comparisonSection(measures)}
${unavailabilitySection(measures)}
${latencySection(measures, distributions, axis)}
${coverageSection(measures)}
${doubtsSection(measures)}
${concludedSection(measures)}
${prunedSection(measures)}
${summarySection(measures)}
${groupsSection(measures)}
${thesisTables(measures)}
<section>
<h2 id="trials">Trials</h2>
${shown.size === trials.length ? undefined : markup`<p>Open are the worst trials and those that are unknown; the others open when they are asked for. Paper shows what is open.</p>`}
${articles}
</section>
${glossarySection()}
${definitionSection(definition)}
${provenanceSection(measures, provenance)}`,
  });
}

/** Most campaigns run all of their plan. */
function isThere(id: string, { pruned = [], concluded }: Measures): boolean {
  return (id !== 'pruned' || pruned.length > 0) && (id !== 'concluded' || concluded !== undefined);
}

const contents = [
  ['outcomes', 'Outcomes'],
  ['figures', 'By layer and target'],
  ['comparison', 'Against the golden runs'],
  ['unavailability', 'Unavailability'],
  ['latency', 'Latency'],
  ['coverage', 'Detection and recovery'],
  ['doubts', 'Not known'],
  ['concluded', 'Enough repetitions'],
  ['pruned', 'Left out'],
  ['summary', 'Every trial'],
  ['groups', 'Groups'],
  ['thesis', 'As the thesis has it'],
  ['trials', 'Trials'],
  ['words', 'Measures in short'],
  ['definitions', 'Definitions'],
  ['provenance', 'Provenance'],
] as const;
