import { faultTitle } from '../../campaign/fault-title.ts';
import type { CombinedFault, FaultFacts } from '../measures/measures.ts';
import { offset, span } from './format.ts';
import { markup, type Markup } from './markup.ts';
import { type Column, table } from './table.ts';

/** The faults of a combination, as they were planned. */
export function combinedFaultsTable(fault: FaultFacts | undefined): Markup | undefined {
  return fault?.faults === undefined ? undefined : table('Faults of the combination', columns, fault.faults);
}

function beginning({ atUs, upon }: CombinedFault): string | Markup {
  if (upon === undefined) return offset(atUs);
  const after = atUs === 0 ? 'upon' : markup`${span(atUs)} after`;
  return markup`${after} ${upon.means}<div><small>within ${span(upon.withinUs)}</small></div>`;
}

const columns: readonly Column<CombinedFault>[] = [
  { title: 'Fault', cell: faultTitle },
  {
    title: 'Cell and mechanism',
    cell: ({ cell, mechanism }) => markup`<div>${cell}</div><small>${mechanism}</small>`,
  },
  { title: 'Begins', numeric: true, cell: beginning },
  { title: 'Lasts', numeric: true, cell: ({ durationUs }) => span(durationUs) },
  { title: 'Root cause', cell: ({ rootCause }) => rootCause },
  {
    title: 'Target',
    cell: ({ targets, element }) => (element === undefined ? targets.join(', ') : element),
  },
];
