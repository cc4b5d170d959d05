import type { Measures } from '../measures/measures.ts';
import { definitionSection } from './definition-section.ts';
import { doubtsSection } from './doubts.ts';
import { groupsSection } from './groups.ts';
import { header } from './header.ts';
import { markup } from './markup.ts';
import { provenanceSection } from './provenance.ts';
import type { Series } from './series.ts';
import { style } from './style.ts';
import { summarySection } from './summary.ts';
import { trialArticle } from './trial-article.ts';

interface ReportInput {
  readonly measures: Measures;
  /** By trial, from its start to its end; a trial without samples has none and gets no timeline. */
  readonly series: ReadonlyMap<string, Series>;
  /** What the campaign said of itself when it started: versions, kernels, seed, digests. Shown as it is. */
  readonly provenance: Readonly<Record<string, string>>;
}

/** The page holds all that it shows, and may load nothing. */
const contentPolicy = "default-src 'none'; style-src 'unsafe-inline'";

/** One HTML file that stands by itself: no script, no font, nothing from a network. */
export function renderReport({ measures, series, provenance }: ReportInput): string {
  const { definition, trials } = measures;
  const articles = trials.map((trial) => trialArticle(trial, series.get(trial.trial), definition));
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy}">
<title>${measures.name}: ${measures.verdict}</title>
<style>${style}</style>
</head>
<body>
${header(measures)}
<main>
${summarySection(measures)}
${groupsSection(measures)}
${doubtsSection(measures)}
<section>
<h2 id="trials">Trials</h2>
${articles}
</section>
${definitionSection(definition)}
${provenanceSection(measures, provenance)}
</main>
</body>
</html>
`.text;
}
