import type { Command } from 'commander';
import { readCampaignText } from '../campaign-text.ts';
import { allowSubstitute, outputOf, verb } from './verb.ts';

export function campaignValidateVerb(): Command {
  return verb('validate', 'say what is wrong with a campaign file; needs no controller')
    .argument('<file>', 'the campaign file')
    .option(...allowSubstitute)
    .action(async (file: string, options: { allowSubstitute?: boolean }, command: Command) => {
      await readCampaignText(file, options);
      outputOf(command).answer({ file, valid: true }, () => `${file} is valid.`);
    });
}
