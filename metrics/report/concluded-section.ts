import { enoughBecause } from '../../campaign/sequential/until.ts';
import type { Concluded, Measures } from '../measures/measures.ts';
import { perSecond, span } from './format.ts';
import { markup, type Markup } from './markup.ts';
import { type Column, table } from './table.ts';

/** After how many blocks a campaign ended that could have run more, and why. */
export function concludedSection({ concluded }: Measures): Markup | undefined {
  if (concluded === undefined) return undefined;
  const { blocks, because, widths } = concluded;
  return markup`<section>
<h2 id="concluded">Enough repetitions</h2>
<p>${blocks} blocks were run: ${enoughBecause[because]}. Whether there are enough was decided after whole blocks, by how wide intervals are and never by what is distinguishable; intervals of a campaign that stops so are a little too narrow, and its p a little too small.</p>
${widths.length === 0 ? undefined : table('The 95% intervals at the last decision, each of the group in which it was the widest', columns, widths)}
</section>`;
}

type Width = Concluded['widths'][number];

const columns: readonly Column<Width>[] = [
  { title: 'Measure', cell: ({ measure }) => measure },
  { title: 'Of', cell: ({ name }) => name },
  {
    title: 'Width',
    numeric: true,
    cell: ({ measure, width }) => (width === 'unknown' ? width : inUnit(measure, width)),
  },
  { title: 'Asked for', numeric: true, cell: ({ measure, asked }) => inUnit(measure, asked) },
];

function inUnit(measure: string, value: number): string {
  if (measure === 'throughput') return perSecond(value);
  return measure === 'detection' || measure === 'recovery' ? `${(value * 100).toFixed(1)}%` : span(value);
}
