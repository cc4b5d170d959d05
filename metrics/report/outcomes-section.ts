import type { GroupMeasures, Measures } from '../measures/measures.ts';
import { outcomeClasses, type OutcomeClass } from '../measures/outcome-class.ts';
import { count } from './format.ts';
import { markup, type Markup } from './markup.ts';
import { outcomeTitles } from './outcome.ts';

/** What came of the faults, cell by cell: each bar is all trials of a cell, from the worst on the left. */
export function outcomesSection({ groups }: Measures): Markup {
  const rows = groups.filter(({ by }) => by === 'all' || by === 'cell');
  if (rows.length === 0)
    return markup`<section>
<h2 id="outcomes">What came of the faults</h2>
<p>No trial with a fault was begun.</p>
</section>`;
  const seen = outcomeClasses.filter((one) => rows.some(({ outcomes }) => outcomes[one] !== undefined));
  return markup`<section>
<h2 id="outcomes">What came of the faults</h2>
<figure class="outcomes">
<ul class="key">${seen.map((one) => markup`<li><span class="swatch ${one}"></span>${outcomeTitles[one]}</li>`)}</ul>
${rows.map((group) => row(group, seen))}
<figcaption>The number in each part is of trials. A trial has one outcome, the first that holds: wrong answers, an outage that was not recovered, the crash of a host, an outage that was, and by whom, degradation. What no user felt is masked where the infrastructure noticed it, and else of no effect.</figcaption>
</figure>
</section>`;
}

function row({ by, name, outcomes, trials }: GroupMeasures, seen: readonly OutcomeClass[]): Markup {
  const parts = seen.flatMap((one) => {
    const of = outcomes[one];
    return of === undefined ? [] : [{ one, of }];
  });
  const says = parts.map(({ one, of }) => `${outcomeTitles[one]}: ${of}`).join(', ');
  return markup`<div class="outcome"><span class="label">${by === 'all' ? 'all trials with a fault' : name}</span><div class="shares" role="img" aria-label="${says}">${parts.map(
    ({ one, of }) =>
      markup`<span class="${one}" style="flex-grow:${of}" title="${outcomeTitles[one]}: ${of} of ${trials}">${count(of)}</span>`,
  )}</div></div>
`;
}
