import type { Measures, TrialMeasures } from '../measures/measures.ts';
import { markup, type Markup } from './markup.ts';
import { table } from './table.ts';

/** What the numbers do not say: what is unknown and why, and what was left out of them. */
export function doubtsSection({ trials, notCounted, notRun }: Measures): Markup {
  const doubtful = trials.filter(({ verdict, final, valid }) => verdict === 'unknown' || !final || !valid);
  return markup`<section>
<h2 id="doubts">What is not known</h2>
${doubtful.length === 0 ? markup`<p>Of every trial that was run, all that was asked is known.</p>` : table('Trials in doubt', doubtColumns, doubtful)}
${notCounted.length === 0 ? markup`<p>No attempt was repeated.</p>` : table('Attempts that do not count: each was followed by another', notCountedColumns, notCounted)}
${notRun.length === 0 ? undefined : markup`<p>Never begun: ${notRun.join(', ')}.</p>`}
</section>`;
}

const doubtColumns = [
  {
    title: 'Trial',
    cell: ({ trial }: TrialMeasures) => markup`<a href="#trial-${trial}">${trial}</a>`,
  },
  { title: 'Enters the groups', cell: ({ valid }: TrialMeasures) => (valid ? 'yes' : 'no') },
  { title: 'Why', cell: why },
];

const notCountedColumns = [
  { title: 'Trial', cell: ({ trial }: Measures['notCounted'][number]) => trial },
  { title: 'Attempt', cell: ({ attempt }: Measures['notCounted'][number]) => attempt },
  { title: 'Outcome', cell: ({ outcome }: Measures['notCounted'][number]) => outcome },
  { title: 'Why', cell: ({ reason }: Measures['notCounted'][number]) => reason ?? 'no reason was given' },
];

function why({ reasons }: TrialMeasures): Markup {
  return markup`${reasons.map((reason) => markup`<div>${reason}</div>`)}`;
}
