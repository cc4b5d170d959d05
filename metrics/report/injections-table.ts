import type { InjectionFacts } from '../measures/measures.ts';
import { amount, count, span, yesNo } from './format.ts';
import { markup, type Markup, type Piece } from './markup.ts';
import { type Column, table } from './table.ts';

/** What each injection of a trial did and came to. */
export function injectionsTable(injections: readonly InjectionFacts[]): Markup | undefined {
  if (injections.length === 0) return undefined;
  const isCombined = injections.some(({ fault }) => fault !== undefined);
  const columns = isCombined ? [faultColumn, ...injectionColumns] : injectionColumns;
  return table('Injections', columns, injections);
}

const faultColumn: Column<InjectionFacts> = { title: 'Fault', cell: ({ fault }) => name(fault ?? 'unknown') };

const injectionColumns: readonly Column<InjectionFacts>[] = [
  { title: 'Injection', cell: ({ injection }) => name(injection) },
  { title: 'Host', cell: ({ host }) => name(host) },
  { title: 'Mechanism', cell: ({ mechanism }) => name(mechanism) },
  {
    title: 'Effects',
    numeric: true,
    cell: ({ effects, effectUnit }) =>
      effects === 'unknown' ? effects : `${count(effects)} × ${effectUnit}`,
  },
  { title: 'Activated', cell: ({ activated }) => yesNo(activated) },
  { title: 'Dose', numeric: true, cell: doseText },
  { title: 'Began late by', numeric: true, cell: ({ startLateUs, errorUs }) => late(startLateUs, errorUs) },
  { title: 'Ended late by', numeric: true, cell: ({ revertLateUs, errorUs }) => late(revertLateUs, errorUs) },
  { title: 'Ended because', cell: ({ endedBecause }) => endedBecause ?? 'unknown' },
  { title: 'Seen applied', cell: ({ appliedVerified }) => yesNo(appliedVerified) },
  { title: 'Seen clean', cell: ({ cleanVerified }) => yesNo(cleanVerified) },
  { title: 'What went wrong', cell: ({ failure }) => failure ?? 'nothing' },
];

/** Not to be broken at its hyphens. */
function name(text: string): Markup {
  return markup`<span class="name">${text}</span>`;
}

function doseText({ dose }: InjectionFacts): Piece {
  return dose === undefined ? 'none' : `${amount(dose.achieved)} of ${amount(dose.asked)} ${dose.unit}`;
}

function late(us: number | undefined, errorUs: number | undefined): string {
  if (us === undefined) return 'unknown';
  return errorUs === undefined ? span(us) : `${span(us)} ± ${span(errorUs)}`;
}
