import { runSide } from '../comparison/run-side.ts';
import type { Side } from '../comparison/side.ts';
import { measuresOf } from './read-measures.ts';
import { RunHistory } from './run-history.ts';
import { savedConditions } from './saved-conditions.ts';
import type { SavedRun } from './saved-run.ts';

/** A saved run as one of two sides. */
export async function runToCompare(run: SavedRun): Promise<Side> {
  const { started } = await RunHistory.read(run);
  const measures = await measuresOf(run);
  return runSide(measures, savedConditions(started.body.plan, measures.definition));
}
