import { compared } from '../measures/compared.ts';
import type {
  ChangedConclusion,
  Compared,
  Comparison,
  Drift,
  SensitiveConclusions,
} from '../measures/comparison-measures.ts';
import type { Measures } from '../measures/measures.ts';
import { percent, perSecond, span } from './format.ts';
import { measureTitles } from './limit.ts';
import { markup, type Markup } from './markup.ts';
import { type Column, table } from './table.ts';
import { trialLink } from './trial-link.ts';

/** What of the numbers is more than chance. */
export function comparisonSection({ comparisons, drift, sensitivity }: Measures): Markup {
  const of = (by: Comparison['by']): Comparison[] => comparisons.filter((one) => one.by === by);
  if (comparisons.length === 0)
    return markup`<section>
<h2 id="comparison">Against the golden runs</h2>
<p>There is no trial with a fault that could be compared.</p>
</section>`;
  return markup`<section>
<h2 id="comparison">Against the golden runs</h2>
<p>Each cell against all golden runs: Cliff's delta with its 95% interval, which is 1 where every trial has more than every golden run and -1 where all have less, and the p of a
permutation test after Holm's correction for the cells. Not distinguishable (n. d.) is what chance explains as well; it does not say that they are equal.</p>
${limits(of('cell'))}
${table('Cells', columns('Cell', of('cell')), namesOf(of('cell')))}
<details class="tables"><summary>The same for each fault by its name</summary>
${table('Faults', columns('Fault', of('fault')), namesOf(of('fault')))}
</details>
${driftText(drift)}
${sensitivityText(sensitivity)}
</section>`;
}

function namesOf(comparisons: readonly Comparison[]): string[] {
  return [...new Set(comparisons.map(({ name }) => name))];
}

function columns(title: string, comparisons: readonly Comparison[]): Column<string>[] {
  const of = (name: string, measure: Compared): Comparison | undefined =>
    comparisons.find((one) => one.name === name && one.measure === measure);
  return [
    { title, cell: (name) => name },
    {
      title: 'Trials, golden runs',
      numeric: true,
      cell: (name) => {
        const own = comparisons.filter((one) => one.name === name);
        return `${Math.max(...own.map(({ n }) => n))}, ${Math.max(...own.map(({ golden }) => golden))}`;
      },
    },
    ...compared.map((measure): Column<string> => ({
      title: measureTitles[measure],
      numeric: true,
      cell: (name) => found(of(name, measure)),
    })),
  ];
}

function found(comparison: Comparison | undefined): Markup | string {
  if (comparison === undefined || comparison.delta === 'unknown') return 'unknown';
  const { delta, corrected, distinguishable } = comparison;
  const word = distinguishable === true ? (delta.value > 0 ? 'more' : 'less') : 'n. d.';
  return markup`<div>${distinguishable === true ? markup`<b>${word}</b>` : markup`<span class="none">${word}</span>`} ${digits(delta.value)}</div><div><small>${digits(delta.low)} to ${digits(delta.high)}, p ${pText(corrected)}</small></div>`;
}

/** Where even the clearest difference could not have been seen. */
function limits(comparisons: readonly Comparison[]): Markup | undefined {
  const unable = new Map(
    comparisons
      .filter(({ n, smallest }) => n > 0 && smallest > 0.05)
      .map(({ name, smallest }) => [name, smallest]),
  );
  const [first, ...more] = unable.values();
  if (first === undefined) return undefined;
  return markup`<p class="doubt">With so few trials ${unable.size} of ${namesOf(comparisons).length} cells cannot be told from the golden runs whatever they come to: the smallest p that they can reach is ${pText(Math.min(first, ...more))}.</p>`;
}

function driftText(drift: readonly Drift[]): Markup {
  const drifting = drift.filter(({ drifts }) => drifts === true);
  const known = drift.filter(({ drifts }) => drifts !== 'unknown');
  if (known.length === 0)
    return markup`<p>Whether the system drifted is not known: that takes at least two golden runs.</p>`;
  const n = Math.max(...known.map((one) => one.n));
  if (drifting.length === 0)
    return markup`<p>No drift is seen in the ${n} golden runs (Mann-Kendall, smallest p ${pText(Math.min(...known.flatMap(({ corrected }) => (corrected === 'unknown' ? [] : [corrected]))))} after the correction).</p>`;
  return markup`<p class="doubt">The system drifted while the campaign ran: over ${n} golden runs ${drifting.map(
    ({ measure, tau, change, corrected }, at) =>
      `${at === 0 ? '' : '; '}${measureTitles[measure]} ${typeof tau === 'number' && tau < 0 ? 'fell' : 'rose'}${change === 'unknown' ? '' : ` by ${amount(measure, Math.abs(change))} from the first to the last`} (p ${pText(corrected)})`,
  )}. Trials late in the campaign are compared with a system that was another one early in it.</p>`;
}

function amount(measure: Compared, value: number): string {
  return measure === 'throughput' ? perSecond(value) : span(value);
}

function sensitivityText(sensitivity: readonly SensitiveConclusions[]): Markup {
  const changing = sensitivity.filter(({ changed }) => changed.length > 0);
  if (sensitivity.length === 0) return markup``;
  if (changing.length === 0)
    return markup`<p>By U with its window or its rate halved or doubled nothing would be concluded otherwise.</p>`;
  return table('What would be concluded otherwise by another definition of U', sensitivityColumns, changing);
}

/** All of them are in measures.json. */
const mostChanges = 12;

const sensitivityColumns: readonly Column<SensitiveConclusions>[] = [
  { title: 'Window', cell: ({ windowUs }) => span(windowUs) },
  { title: 'Error rate above', numeric: true, cell: ({ errorRate }) => percent(errorRate) },
  {
    title: 'Would be otherwise',
    wide: true,
    cell: ({ changed }) =>
      markup`${changed.slice(0, mostChanges).map((one) => markup`<div>${changeText(one)}</div>`)}${changed.length > mostChanges ? `and ${changed.length - mostChanges} more` : ''}`,
  },
];

function changeText(change: ChangedConclusion): Markup {
  switch (change.of) {
    case 'verdict':
      return markup`${trialLink(change.trial)}: U would be ${change.to}, not ${change.from}`;
    case 'recovered':
      return markup`${trialLink(change.trial)}: the service would ${change.to ? 'have' : 'not have'} recovered`;
    case 'distinguishable':
      return markup`${change.cell}: ${change.to === true ? 'distinguishable' : change.to === false ? 'not distinguishable' : 'unknown'}`;
  }
}

function digits(value: number): string {
  return String(Number(value.toFixed(2)));
}

function pText(p: number | 'unknown'): string {
  if (p === 'unknown') return p;
  return p < 0.0001 ? 'below 0.0001' : String(Number(p.toPrecision(2)));
}
