import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Measures } from '../measures/measures.ts';
import { measureSavedRun } from './measure-run.ts';
import type { SavedRun } from './saved-run.ts';

/** Those of another version are computed again. */
const version: Measures['version'] = 2;

const measuresSchema = z.looseObject({ version: z.int(), trials: z.array(z.looseObject({})) });

/** Those that are there, which may be by the demands of another file; where there are none of this version, the run is measured. */
export async function measuresOf(run: SavedRun): Promise<Measures> {
  const text = await readFile(run.measuresFile, 'utf8').catch(() => undefined);
  if (text === undefined) return await measureSavedRun(run);
  const found = parsed(text, run);
  return found.version === version ? (found as unknown as Measures) : await measureSavedRun(run);
}

function parsed(text: string, { measuresFile, directory }: SavedRun): z.infer<typeof measuresSchema> {
  try {
    return measuresSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new OrdealError('DAMAGED_RUN', `${measuresFile} does not hold measures`, {
      cause,
      remedy: `Compute them again: \`ordeal measure ${directory}\`.`,
    });
  }
}
