import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { encodeMeasures } from '../../metrics/measures/encode.ts';
import { renderSavedRun } from '../../metrics/report/render-run.ts';
import { measureSavedRun } from '../../metrics/run/measure-run.ts';
import { SavedRun } from '../../metrics/run/saved-run.ts';
import { exitCodes } from '../exit.ts';
import { outputOf, verb } from './verb.ts';

const codes = { pass: exitCodes.met, fail: exitCodes.notMet, unknown: exitCodes.notCompleted } as const;

export function measureVerb(): Command {
  return verb('measure', 'compute the measures and the report of a saved run again; needs no controller')
    .argument('<folder>', 'the saved run, such as runs/<id>')
    .action(async (folder: string, _options: unknown, command: Command) => {
      const run = new SavedRun(resolve(folder));
      const measures = await measureSavedRun(run);
      await writeFile(run.measuresFile, encodeMeasures(measures));
      await writeFile(run.reportFile, await renderSavedRun(run, measures));
      outputOf(command).answer(
        measures,
        () => `${run.measuresFile}: ${measures.trials.length} trials, verdict ${measures.verdict}`,
      );
      process.exitCode = codes[measures.verdict];
    });
}
