import type { Measures, TrialMeasures } from '../measures/measures.ts';
import { count, span } from './format.ts';
import { markup, type Markup } from './markup.ts';
import { table } from './table.ts';

export function provenanceSection(
  { trials, version }: Measures,
  provenance: Readonly<Record<string, string>>,
): Markup {
  const facts = [...Object.entries(provenance).sort(), ['version of the measures', String(version)]];
  return markup`<section>
<h2 id="provenance">Provenance</h2>
<dl>${facts.map(([term, text]) => markup`<div><dt>${term}</dt><dd>${text}</dd></div>`)}</dl>
${table('The trials and the samples that their numbers were made of', columns, trials)}
</section>`;
}

const columns = [
  { title: 'Trial', cell: ({ trial }: TrialMeasures) => trial },
  { title: 'Attempt', numeric: true, cell: ({ attempt }: TrialMeasures) => attempt },
  { title: 'Repetition', numeric: true, cell: ({ repetition }: TrialMeasures) => repetition },
  { title: 'Seed', numeric: true, cell: ({ seed }: TrialMeasures) => seed },
  { title: 'Rows', numeric: true, cell: ({ samples }: TrialMeasures) => count(samples.rows) },
  {
    title: 'Sent late (p99)',
    numeric: true,
    cell: ({ lateness: { p99Us } }: TrialMeasures) => (p99Us === 'unknown' ? p99Us : span(p99Us)),
  },
  { title: 'SHA-256', cell: ({ samples }: TrialMeasures) => markup`<code>${samples.sha256}</code>` },
];
