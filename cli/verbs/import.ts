import { Command } from 'commander';
import { importAggregatesVerb } from './import-aggregates.ts';
import { importRunVerb } from './import-run.ts';

export function importVerbs(): Command {
  const verbs = new Command('import').description('make of what others have measured what can be compared');
  for (const verb of [importRunVerb(), importAggregatesVerb()]) verbs.addCommand(verb);
  return verbs;
}
