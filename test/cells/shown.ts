import type { CellResult, PlaceboResult } from './cell-result.ts';
import type { ResultsOfKernel } from './cells-results.ts';
import { inShort } from './in-short.ts';
import { missingIn, tallyOf, tallyOfPlacebos } from './tally.ts';
import { wrappedTable } from './table.ts';

/** All of it fits 120 columns. */
const columns = [
  { head: 'CELL', width: 22 },
  { head: 'ON', width: 9 },
  { head: 'ASKED', width: 17 },
  { head: 'ACHIEVED', width: 16 },
  { head: 'THE VICTIM SAW', width: 18 },
  { head: 'NEIGHBOUR', width: 9 },
  { head: 'LEFT', width: 7 },
  { head: 'AGENT KILLED', width: 8 },
];

/** What a terminal shows of the proofs of one kernel. */
export function shownProofs(results: ResultsOfKernel): string {
  const rows = [
    ...Object.values(results.proofs).map(proofRow),
    ...missingIn(results).map(({ cell, on }) => [cell, on, 'missing']),
  ];
  const wrong = Object.entries(results.proofs).flatMap(([name, result]) =>
    result.wrong.map((why) => `${name}: ${why}`),
  );
  return [wrappedTable(columns, rows), '', ...wrong, tallyOf(results)].join('\n');
}

/** What a terminal shows of the placebos of one kernel. */
export function shownPlacebos(results: ResultsOfKernel): string {
  const head = [
    { head: 'CELL', width: 31 },
    { head: 'ON', width: 9 },
    { head: 'INSTEAD OF', width: 23 },
    { head: 'THE VICTIM SAW', width: 32 },
    { head: 'THE PROOF', width: 14 },
  ];
  const rows = Object.values(results.placebos).map(({ cell, on, mechanism, seen, fails }: PlaceboResult) => [
    ...[cell, on, mechanism, seen],
    fails ? 'fails' : 'DOES NOT FAIL',
  ]);
  return [wrappedTable(head, rows), '', tallyOfPlacebos(results)].join('\n');
}

function proofRow(result: CellResult): string[] {
  const { cell, on, asked, achieved, victim, left, withoutAgent, wrong } = result;
  const isSpared = !wrong.some((why) => why.startsWith('the neighbour'));
  return [
    ...[cell, on, asked, inShort(achieved), victim.during],
    isSpared ? 'untouched' : 'TOUCHED',
    left.length === 0 ? 'nothing' : left.join(', '),
    withoutAgent,
  ];
}
