import type { Comparison } from '../../comparison/comparison.ts';
import { chartStyle } from '../chart-style.ts';
import { markup } from '../markup.ts';
import { printStyle } from '../print-style.ts';
import { contentPolicy } from '../report.ts';
import { style } from '../style.ts';
import { comparisonHeader } from './header.ts';
import { measureSection } from './measure-section.ts';
import { averagesSection, contradictionsSection, likenessSection } from './sources-section.ts';
import { comparisonStyle } from './style.ts';

/** A comparison as one HTML file that stands by itself, as a report does. */
export function comparisonPage(comparison: Comparison): string {
  const { one, other, measures, averages, contradictions } = comparison;
  const contents = [
    ['likeness', 'Like for like'],
    ['measures', 'Measures'],
    ...(averages.length === 0 ? [] : [['averages', 'Averages']]),
    ...(contradictions.length === 0 ? [] : [['contradictions', 'Contradictions']]),
    ['words', 'How it is compared'],
  ];
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy}">
<title>${one.name} and ${other.name}</title>
<style>${style}${chartStyle}${comparisonStyle}${printStyle}</style>
</head>
<body>
${comparisonHeader(comparison)}
<nav class="contents" aria-label="Contents">${contents.map(([id = '', title]) => markup`<a href="#${id}">${title}</a>`)}</nav>
<main>
${likenessSection(comparison)}
<section>
<h2 id="measures">Measures, cell by cell</h2>
${measures.length === 0 ? markup`<p>They have no measure in common.</p>` : measures.map(measureSection)}
</section>
${averagesSection(comparison)}
${contradictionsSection(comparison)}
<section>
<h2 id="words">How it is compared</h2>
<dl>${words.map(([word, meaning]) => markup`<div><dt>${word}</dt><dd>${meaning}</dd></div>`)}</dl>
</section>
</main>
</body>
</html>
`.text;
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
