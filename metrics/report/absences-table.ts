import type { HostAbsence, TrialMeasures } from '../measures/measures.ts';
import { offset, span } from './format.ts';
import { markup, type Markup } from './markup.ts';
import { type Column, table } from './table.ts';

/** Which hosts were away in a trial, and whether they had crashed. */
export function absencesTable({ absences, instants }: TrialMeasures): Markup | undefined {
  if (absences.length === 0) return undefined;
  const at = (us: number | undefined): string =>
    us === undefined || instants === undefined ? 'unknown' : offset(us - instants.injectUs);
  const columns: Column<HostAbsence>[] = [
    { title: 'Host', cell: ({ host }) => markup`<span class="name">${host}</span>` },
    { title: 'What became of it', cell: ({ fate }) => fates[fate] },
    { title: 'Last heard of', numeric: true, cell: ({ lastHeardUs }) => at(lastHeardUs) },
    {
      title: 'Booted',
      numeric: true,
      cell: ({ fate, bootedUs }) => (fate === 'silent' ? 'not anew' : at(bootedUs)),
    },
    { title: 'Back', numeric: true, cell: ({ returnedUs }) => at(returnedUs) },
    {
      title: 'Away for',
      numeric: true,
      cell: ({ lastHeardUs, returnedUs }) =>
        returnedUs === undefined ? 'unknown' : span(returnedUs - lastHeardUs),
    },
  ];
  return table('Hosts that were away, from the injection', columns, absences);
}

const fates = {
  crashed: 'crashed, and booted anew',
  silent: 'silent, and did not crash',
  unknown: 'unknown',
} as const;
