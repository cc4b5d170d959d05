import type { CellId } from '../injectors/cell.ts';
import type { RootCause } from './plan.ts';

/** The first root cause that the fault model (Table 3.1 of the thesis) names for a cell: that of a fault which says none. */
export function rootCauseOf(cell: CellId): RootCause {
  if (cell.endsWith('.delay')) return 'op';
  // What is virtual does not break: it was planned too small, or configured wrongly.
  return cell.startsWith('virtual.') && cell.endsWith('.unavailability') ? 'op' : 'hw';
}
