import { counted } from '../../errors/counted.ts';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Measures } from '../../metrics/measures/measures.ts';
import { measureSavedRun } from '../../metrics/run/measure-run.ts';
import { saveMeasures } from '../../metrics/run/save-measures.ts';
import { SavedRun } from '../../metrics/run/saved-run.ts';
import { readCampaignFile } from '../campaign-text.ts';
import { exitCodes } from '../exit.ts';
import { outputOf, verb } from './verb.ts';

const codes = { pass: exitCodes.met, fail: exitCodes.notMet, unknown: exitCodes.notCompleted } as const;

export function measureVerb(): Command {
  return verb('measure', 'compute the measures and the report of a saved run again; needs no controller')
    .argument('<folder>', 'the saved run, such as runs/<id>')
    .option(
      '--campaign <file>',
      'by the slo, measures, components and rules of this campaign file, such as a corrected one, instead of those the run was made with',
    )
    .action(async (folder: string, { campaign }: { readonly campaign?: string }, command: Command) => {
      const run = new SavedRun(resolve(folder));
      const demands = campaign === undefined ? undefined : (await readCampaignFile(campaign)).definition;
      const measures = await measureSavedRun(run, demands);
      await saveMeasures(run, measures);
      outputOf(command).answer(
        measures,
        () =>
          `${run.measuresFile}: ${counted(measures.trials.length, 'trial')}, verdict ${measures.verdict}${byWhat(measures, campaign)}`,
      );
      process.exitCode = codes[measures.verdict];
    });
}

function byWhat({ redefined }: Measures, campaign: string | undefined): string {
  if (campaign === undefined) return '';
  return redefined === undefined
    ? `\n${campaign} defines the measures as the run does.`
    : `\nBy the definition of ${campaign}, not the run's own; it differs in: ${redefined.join(', ')}.`;
}
