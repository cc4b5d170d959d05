import type { Command } from 'commander';
import { compare } from '../../metrics/comparison/compare.ts';
import { isTestable, worseRows } from '../../metrics/comparison/worse.ts';
import { comparisonText } from '../comparing/comparison-text.ts';
import { readSide } from '../comparing/read-side.ts';
import { exitCodes } from '../exit.ts';
import { outputOf, verb } from './verb.ts';

export function compareVerb(): Command {
  return verb(
    'compare',
    'two infrastructures cell by cell: saved runs, or aggregates that were published; needs no controller',
  )
    .argument('<a>', 'a saved run, such as runs/<id>, or a file of aggregates')
    .argument('<b>', 'what it is compared with; exit code 1 says that it is worse in something')
    .action(async (a: string, b: string, _options: unknown, command: Command) => {
      const comparison = compare(await readSide(a), await readSide(b));
      outputOf(command).answer(comparison, () => comparisonText(comparison, process.stdout.columns || 80));
      process.exitCode = !isTestable(comparison)
        ? exitCodes.notCompleted
        : worseRows(comparison).length > 0
          ? exitCodes.notMet
          : exitCodes.met;
    });
}
