import type { CellId } from '../injectors/cell.ts';
import type { RootCause } from './plan.ts';

/** What the fault model (Table 3.1 of the thesis) names as causes of a cell, in its order. */
export function rootCausesOf(cell: CellId): readonly [RootCause, ...RootCause[]] {
  if (cell.endsWith('.delay')) return ['op', 'sw'];
  if (cell.endsWith('.corruption')) return ['hw', 'sw'];
  // What is virtual does not break: it was planned too small, or configured wrongly.
  if (cell.startsWith('virtual.')) return ['op'];
  // Configured wrongly, what leads to others: processors and memory break.
  return /\.(network|storage)\./.test(cell) ? ['hw', 'op'] : ['hw'];
}

/** That of a fault which says none. */
export function rootCauseOf(cell: CellId): RootCause {
  return rootCausesOf(cell)[0];
}
