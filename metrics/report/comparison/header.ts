import type { Comparison, MeasureComparison, RowComparison, SideFacts } from '../../comparison/comparison.ts';
import { numbered, percent } from '../format.ts';
import { markup, type Markup } from '../markup.ts';
import { foldingTable, type Column } from '../table.ts';
import { findingBadge, letter, type Which } from './sides.ts';
import { contradictionText, labels, pText, shareText, valueText } from './words.ts';

/** The first screen: which two, what can be told apart, and what speaks against it. */
export function comparisonHeader(comparison: Comparison): Markup {
  const { one, other } = comparison;
  return markup`<header class="first two">
<p class="kind">Ordeal: comparison of two infrastructures</p>
<h1><span class="side one">${one.name}</span> and <span class="side other">${other.name}</span></h1>
<p class="lead">${conclusion(comparison)}</p>
<div class="cards">
<section class="card"><h2>The two</h2>
<dl>${side('one', one)}${side('other', other)}</dl>
</section>
<div class="found">
${totals(comparison)}
</div>
${reservations(comparison)}
</div>
</header>`;
}

function side(which: Which, { name, kind, trials, source }: SideFacts): Markup {
  return markup`<div><dt>${letter(which)}${kind}, ${numbered(trials, 'trial')}</dt><dd><b>${name}</b><br><small>${source}</small></dd></div>`;
}

interface Total {
  readonly measure: MeasureComparison;
  readonly total: RowComparison;
}

function totalsOf({ measures }: Comparison): Total[] {
  return measures.flatMap((measure) =>
    measure.total === undefined ? [] : [{ measure, total: measure.total }],
  );
}

/** More are read better in the table beside. */
const mostNamed = 3;

function conclusion(comparison: Comparison): string {
  const found = totalsOf(comparison);
  if (found.length === 0) return 'The two have nothing in common that could be tested.';
  const better = (which: Which): string[] =>
    found.filter(({ total }) => total.better === which).map(({ measure }) => measure.title);
  const same = found.filter(({ total }) => total.finding === 'not distinguishable').length;
  const parts = (['one', 'other'] as const).flatMap((which) => {
    const titles = better(which);
    return titles.length === 0
      ? []
      : [
          `${comparison[which].name} is better in ${titles.length <= mostNamed ? titles.join(', ') : numbered(titles.length, 'measure')}`,
        ];
  });
  const rest = same === 0 ? [] : [`${numbered(same, 'measure')} not distinguishable`];
  const isAlike = comparison.unlike.every(({ isItsOwn }) => isItsOwn === true);
  const reservation = isAlike ? '' : ' But the two are not like for like.';
  return `Over all cells that both have: ${[...parts, ...rest].join('; ')}.${reservation}`;
}

function totals(comparison: Comparison): Markup {
  const column = (which: Which): Column<Total> => ({
    title: labels[which],
    numeric: true,
    cell: ({ measure: { unit }, total }) =>
      total.kind === 'shares'
        ? markup`${shareText(total[which])} <small>${percent(total[which]?.share ?? 'unknown')}</small>`
        : total.kind === 'values'
          ? valueText(total[which].median, unit)
          : '',
  });
  const columns: readonly Column<Total>[] = [
    { title: 'Measure', cell: ({ measure }) => markup`<a href="#${measure.measure}">${measure.title}</a>` },
    column('one'),
    column('other'),
    { title: 'p', numeric: true, cell: ({ total }) => pText(total.p) },
    { title: 'Found', cell: ({ total }) => findingBadge(total) },
  ];
  const found = totalsOf(comparison);
  return markup`<section class="card"><h2>Found</h2>
${found.length === 0 ? markup`<p>Nothing could be tested: no cell has trials on both sides.</p>` : foldingTable('Over all cells that both have: shares in all, medians of all trials', columns, found)}
</section>`;
}

/** What to know before a conclusion is drawn. */
function reservations({ unlike, contradictions, averages, onlyOne, onlyOther }: Comparison): Markup {
  const against = unlike.filter(({ isItsOwn }) => isItsOwn !== true);
  const unfair = averages.filter(({ isLikeForLike }) => isLikeForLike === false);
  const points = [
    ...(against.length === 0
      ? []
      : [
          markup`<a href="#likeness">Not like for like</a> in ${against.map(({ what }) => what).join(', ')}.`,
        ]),
    ...contradictions.map(
      (one) =>
        markup`<a href="#contradictions">Contradiction</a>: ${letter(one.side)}${contradictionText(one)}`,
    ),
    ...unfair.map(
      ({ title }) => markup`The printed <a href="#averages">averages</a> of ${title} are not like for like.`,
    ),
    ...onlyOf('one', onlyOne),
    ...onlyOf('other', onlyOther),
  ];
  return markup`<section class="card look"><h2>Know before you conclude</h2>
${points.length === 0 ? markup`<p>Nothing speaks against the comparison.</p>` : markup`<ul>${points.map((point) => markup`<li>${point}</li>`)}</ul>`}
</section>`;
}

function onlyOf(which: Which, rows: readonly string[]): Markup[] {
  return rows.length === 0 ? [] : [markup`Only ${letter(which)}has ${rows.join(', ')}.`];
}
