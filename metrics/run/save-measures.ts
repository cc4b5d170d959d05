import { rename, writeFile } from 'node:fs/promises';
import { encodeMeasures } from '../measures/encode.ts';
import type { Measures } from '../measures/measures.ts';
import { renderSavedRun } from '../report/render-run.ts';
import type { SavedRun } from './saved-run.ts';

/** The report first: a run with measures is whole. */
export async function saveMeasures(run: SavedRun, measures: Measures): Promise<void> {
  await replaceFile(run.reportFile, await renderSavedRun(run, measures));
  await replaceFile(run.measuresFile, encodeMeasures(measures));
}

/** No reader, and no kill, finds half of it. */
async function replaceFile(file: string, text: string): Promise<void> {
  const half = `${file}.half`;
  await writeFile(half, text);
  await rename(half, file);
}
