import { faultTitle } from '../../campaign/fault-title.ts';
import type { Measures, PrunedTrial } from '../measures/measures.ts';
import { numbered } from './format.ts';
import { markup, type Markup } from './markup.ts';
import { type Column, table } from './table.ts';

/** What was left out, by which policy and on what grounds; nothing where the campaign has left nothing out. */
export function prunedSection({ pruned = [], trials }: Measures): Markup | undefined {
  if (pruned.length === 0) return undefined;
  const policies = [...new Set(pruned.map(({ policy }) => policy))];
  const counts = policies.map((policy) => ({
    policy,
    of: pruned.filter((one) => one.policy === policy).length,
  }));
  return markup`<section>
<h2 id="pruned">Left out</h2>
<p>${numbered(pruned.length, 'trial')} of ${pruned.length + trials.length} ${pruned.length === 1 ? 'was' : 'were'} left out by the policies of the campaign: ${counts
    .map(({ policy, of }) => `${of} by ${policy}`)
    .join(', ')}. They were never run, and are in no number of this report.</p>
<details class="tables"${pruned.length <= foldedAbove ? markup` open` : undefined}><summary>Trial by trial</summary>
${table('Each with its grounds', columns, pruned)}
</details>
</section>`;
}

/** A longer table is for looking something up. */
const foldedAbove = 10;

const columns: readonly Column<PrunedTrial>[] = [
  { title: 'Trial', cell: ({ trial }) => trial },
  { title: 'Fault', cell: ({ fault }) => faultTitle(fault) },
  { title: 'Policy', cell: ({ policy }) => policy },
  { title: 'Grounds', cell: ({ grounds }) => grounds },
];
