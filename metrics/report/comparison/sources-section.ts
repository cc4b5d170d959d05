import type {
  AverageComparison,
  Comparison,
  PrintedAverage,
  Rule,
  ToldContradiction,
  Unlike,
} from '../../comparison/comparison.ts';
import { seconds } from '../format.ts';
import { markup, type Markup } from '../markup.ts';
import { table } from '../table.ts';
import { letter, type Which } from './sides.ts';
import { contradictionText, whereOf } from './words.ts';

/** In what the two were not run alike. */
export function likenessSection({ unlike }: Comparison): Markup {
  return markup`<section>
<h2 id="likeness">Like for like</h2>
${
  unlike.length === 0
    ? markup`<p>Both say the same of how they were run, as far as they say it.</p>`
    : markup`<p>What differs beside the infrastructure. A row that it is about is marked, and what is found of it may be due to this.</p>
${table(
  'What differs',
  [
    { title: 'What', cell: ({ what }: Unlike) => what },
    { title: 'A', cell: ({ one }: Unlike) => one },
    { title: 'B', cell: ({ other }: Unlike) => other },
    { title: 'Where', wide: true, cell: (one: Unlike) => whereOf(one) },
  ],
  unlike,
)}`
}
</section>`;
}

type RuleRow = AverageComparison['rules'][number];

/** Averages over cells, by rules that are one for both. */
export function averagesSection({ averages }: Comparison): Markup | undefined {
  if (averages.length === 0) return undefined;
  return markup`<section>
<h2 id="averages">Averages over cells</h2>
<p>An average is of the cells that are in it. Each line leaves out the same on both sides; nothing is known of the spread of such numbers, so no test is made.</p>
<div class="beside">${averages.map(
    (one) => markup`<div>
${table(one.title, [{ title: 'Over', cell: ({ rule }: RuleRow) => rule }, column('one'), column('other')], one.rules)}
${printed(one)}</div>`,
  )}</div>
</section>`;
}

function column(which: Which) {
  return {
    title: which === 'one' ? 'A' : 'B',
    numeric: true,
    cell: ({ [which]: { us, rows } }: RuleRow) =>
      us === undefined
        ? markup`<span class="none">none</span>`
        : markup`<div>${seconds(us)}</div><div><small>${rows} ${rows === 1 ? 'row' : 'rows'}</small></div>`,
  };
}

function printed({ printed: given, isLikeForLike }: AverageComparison): Markup | undefined {
  if (given === undefined) return undefined;
  const told = (['one', 'other'] as const).flatMap((which) => {
    const average = given[which];
    return average === undefined ? [] : [markup`<li>${letter(which)}${printedText(average)}</li>`];
  });
  return markup`<p>As printed${isLikeForLike === undefined ? '' : isLikeForLike ? ', like for like' : markup`, <span class="unlike">not like for like</span>`}:</p><ul>${told}</ul>`;
}

function printedText({ us, follows }: PrintedAverage): string {
  const rules: readonly Rule[] = follows;
  return `${seconds(us)}: ${rules.length === 0 ? 'by no rule that is known' : rules.join(', ')}`;
}

export function contradictionsSection({ contradictions }: Comparison): Markup | undefined {
  if (contradictions.length === 0) return undefined;
  return markup`<section>
<h2 id="contradictions">Contradictions within a source</h2>
<ul>${contradictions.map((one: ToldContradiction) => markup`<li>${letter(one.side)}${contradictionText(one)}</li>`)}</ul>
</section>`;
}
