import type { Command } from 'commander';
import { compare } from '../../metrics/comparison/compare.ts';
import type { Comparison } from '../../metrics/comparison/comparison.ts';
import { isTestable, worseRows } from '../../metrics/comparison/worse.ts';
import { comparisonCsv } from '../../metrics/export/comparison-csv.ts';
import { comparisonJunit } from '../../metrics/export/comparison-junit.ts';
import { comparisonPage } from '../../metrics/report/comparison/page.ts';
import { formOf } from '../answer-form.ts';
import { comparisonText } from '../comparing/comparison-text.ts';
import { readSide } from '../comparing/read-side.ts';
import { exitCodes } from '../exit.ts';
import { outputOf, verb } from './verb.ts';

const printed = { html: comparisonPage, csv: comparisonCsv, junit: comparisonJunit } as const;
const forms = ['json', 'html', 'csv', 'junit'] as const;

type Options = Readonly<Partial<Record<(typeof forms)[number], true>>>;

export function compareVerb(): Command {
  return verb(
    'compare',
    'two infrastructures cell by cell: saved runs, or aggregates that were published; needs no controller',
  )
    .argument('<a>', 'a saved run, such as runs/<id>, or a file of aggregates')
    .argument('<b>', 'what it is compared with; exit code 1 says that it is worse in something')
    .option('--html', 'print it as a page of HTML')
    .option('--csv', 'print it as CSV, a line for each row')
    .option('--junit', 'print it as XML of JUnit, a failure for each row in which B is worse')
    .action(async (a: string, b: string, options: Options, command: Command) => {
      const form = formOf(options, forms);
      const comparison = compare(await readSide(a), await readSide(b));
      if (form === undefined || form === 'json')
        outputOf(command).answer(comparison, () => comparisonText(comparison, process.stdout.columns || 80));
      else process.stdout.write(printed[form](comparison));
      process.exitCode = exitCodeOf(comparison);
    });
}

function exitCodeOf(comparison: Comparison): number {
  if (!isTestable(comparison)) return exitCodes.notCompleted;
  return worseRows(comparison).length > 0 ? exitCodes.notMet : exitCodes.met;
}
