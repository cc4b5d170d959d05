import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { aggregatesSide } from '../../metrics/comparison/aggregates-side.ts';
import type { Side } from '../../metrics/comparison/side.ts';
import { readAggregates } from '../../metrics/import/read-aggregates.ts';
import { runToCompare } from '../../metrics/run/run-to-compare.ts';
import { SavedRun } from '../../metrics/run/saved-run.ts';

/** A folder is a saved run, a file holds aggregates. */
export async function readSide(path: string): Promise<Side> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new OrdealError('NOT_FOUND', `there is no "${path}"`, {
      cause,
      remedy: 'Name the folder of a saved run, such as runs/<id>, or a file of aggregates.',
    });
  });
  if (found.isDirectory()) return await runToCompare(new SavedRun(resolve(path)));
  if (path.endsWith('.csv')) {
    throw new OrdealError('INVALID_INPUT', `${path} is a table, which does not say whose numbers it holds`, {
      remedy: `Make aggregates of it: \`ordeal import aggregates ${path} --name .. --source ..\`.`,
    });
  }
  return aggregatesSide(readAggregates(await readFile(path), path));
}
