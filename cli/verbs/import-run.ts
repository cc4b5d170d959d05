import { counted } from '../../errors/counted.ts';
import { basename, extname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { importRun } from '../../metrics/import/import-run.ts';
import { outputOf, verb } from './verb.ts';

export function importRunVerb(): Command {
  return verb(
    'run',
    'make a saved run of requests (CSV) and events (lines of JSON), which can be measured and compared',
  )
    .argument(
      '<description>',
      'the YAML file that names both files, the trials and how they are to be measured',
    )
    .option('--into <folder>', 'the saved run; default: runs/<name of the file>')
    .action(async (file: string, { into }: { readonly into?: string }, command: Command) => {
      const directory = resolve(into ?? join('runs', basename(file, extname(file))));
      const { run, trials, requests } = await importRun(file, directory);
      outputOf(command).answer(
        { directory: run.directory, trials, requests },
        () =>
          `${run.directory}: ${counted(trials, 'trial')}, ${counted(requests, 'request')}\nMeasure it: \`ordeal measure ${run.directory}\`.`,
      );
    });
}
