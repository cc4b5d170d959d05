import type { ResultsOfKernel } from './cells-results.ts';
import { rows, type Row } from './rows.ts';

/** The rows of the fault model that no proof has been made of. */
export function missingIn({ proofs }: ResultsOfKernel): Row[] {
  const proved = Object.values(proofs);
  return rows.filter(({ cell, on }) => !proved.some((one) => one.cell === cell && one.on === on));
}

/** "33 of 36 rows hold; failing: 1, missing: 2" */
export function tallyOf(results: ResultsOfKernel): string {
  const proved = Object.values(results.proofs);
  const missing = missingIn(results).length;
  const failing = rows.filter(({ cell, on }) =>
    proved.some((one) => one.cell === cell && one.on === on && one.wrong.length > 0),
  ).length;
  const hold = rows.length - missing - failing;
  return `${hold} of ${rows.length} rows hold; failing: ${failing}, missing: ${missing}`;
}

/** "33 of 33 fail, as they should" */
export function tallyOfPlacebos({ placebos }: ResultsOfKernel): string {
  const all = Object.values(placebos);
  const failing = all.filter(({ fails }) => fails).length;
  return `${failing} of ${all.length} fail${failing === all.length ? ', as they should' : ''}`;
}

/** Whether nothing is missing and all of it holds; of placebos, whether none does. */
export function isWhole(results: ResultsOfKernel, isPlacebo: boolean): boolean {
  if (isPlacebo) return Object.values(results.placebos).every(({ fails }) => fails);
  return (
    missingIn(results).length === 0 && Object.values(results.proofs).every(({ wrong }) => wrong.length === 0)
  );
}
