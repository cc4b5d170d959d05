import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Measures } from '../measures/measures.ts';
import { measureSavedRun } from './measure-run.ts';
import type { SavedRun } from './saved-run.ts';

const measuresSchema = z.looseObject({ version: z.literal(1), trials: z.array(z.looseObject({})) });

/** Those that are there, which may be by the demands of another file; where there are none, the run is measured. */
export async function measuresOf(run: SavedRun): Promise<Measures> {
  const text = await readFile(run.measuresFile, 'utf8').catch(() => undefined);
  if (text === undefined) return await measureSavedRun(run);
  try {
    return measuresSchema.parse(JSON.parse(text)) as unknown as Measures;
  } catch (cause) {
    throw new OrdealError('DAMAGED_RUN', `${run.measuresFile} does not hold measures of this version`, {
      cause,
      remedy: `Compute them again: \`ordeal measure ${run.directory}\`.`,
    });
  }
}
