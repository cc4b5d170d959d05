import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { encodeMeasures } from '../../metrics/measures/encode.ts';
import { measureRun } from '../../metrics/run/measure-run.ts';
import { exitCodes } from '../exit.ts';
import { outputOf, verb } from './verb.ts';

export function measureVerb(): Command {
  return verb(
    'measure',
    'compute the measures of a saved run again, from its events and samples; needs no controller',
  )
    .argument('<folder>', 'the saved run, such as runs/<id>')
    .action(async (folder: string, _options: unknown, command: Command) => {
      const measures = await measureRun(folder);
      const text = encodeMeasures(measures);
      const file = join(folder, 'measures.json');
      await writeFile(file, text);
      outputOf(command).answer(
        measures,
        () => `${file}: ${measures.trials.length} trials, verdict ${measures.verdict}`,
      );
      const codes = { pass: exitCodes.met, fail: exitCodes.notMet, unknown: exitCodes.notCompleted } as const;
      process.exitCode = codes[measures.verdict];
    });
}
