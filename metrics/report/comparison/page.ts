import type { Comparison } from '../../comparison/comparison.ts';
import { markup } from '../markup.ts';
import { page } from '../page.ts';
import { comparisonHeader } from './header.ts';
import { measureSection } from './measure-section.ts';
import { averagesSection, contradictionsSection, likenessSection } from './sources-section.ts';
import { comparisonStyle } from './style.ts';

/** A comparison as one HTML file that stands by itself, as a report does. */
export function comparisonPage(comparison: Comparison): string {
  const { one, other, measures, averages, contradictions } = comparison;
  const contents: [string, string][] = [
    ['likeness', 'Like for like'],
    ['measures', 'Measures'],
    ...(averages.length === 0 ? [] : [['averages', 'Averages'] satisfies [string, string]]),
    ...(contradictions.length === 0 ? [] : [['contradictions', 'Contradictions'] satisfies [string, string]]),
    ['words', 'How it is compared'],
  ];
  return page({
    title: `${one.name} and ${other.name}`,
    ownStyle: comparisonStyle,
    header: comparisonHeader(comparison),
    contents,
    main: markup`${likenessSection(comparison)}
<section>
<h2 id="measures">Measures, cell by cell</h2>
${measures.length === 0 ? markup`<p>They have no measure in common.</p>` : measures.map(measureSection)}
</section>
${averagesSection(comparison)}
${contradictionsSection(comparison)}
<section>
<h2 id="words">How it is compared</h2>
<dl>${words.map(([word, meaning]) => markup`<div><dt>${word}</dt><dd>${meaning}</dd></div>`)}</dl>
</section>`,
  });
}

const words: readonly (readonly [string, string])[] = [
  [
    'Distinguishable',
    'So large a difference would be seen by chance in less than 5 of 100 comparisons. Not distinguishable does not say that there is none: the interval says how large it may be.',
  ],
  ['Shares', 'Fisher’s exact test; the difference with Newcombe’s interval.'],
  [
    'Values',
    'The test of Mann and Whitney by permutation. Cliff’s delta says how often a trial of A is above one of B, less how often it is below: from -1 to 1. The shift is the median of all differences.',
  ],
  ['Holm', 'The rows of one measure are tested together; each p is corrected for their number.'],
  ['All cells that both have', 'One test; trials are compared with those of the same cell alone.'],
  ['Not testable', 'One side has no trial by itself there, or only an average.'],
];
