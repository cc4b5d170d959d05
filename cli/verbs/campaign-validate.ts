import type { Command } from 'commander';
import { readCampaignText } from '../campaign-text.ts';
import { outputOf, verb } from './verb.ts';

export function campaignValidateVerb(): Command {
  return verb('validate', 'say what is wrong with a campaign file; needs no controller')
    .argument('<file>', 'the campaign file')
    .action(async (file: string, _options: unknown, command: Command) => {
      await readCampaignText(file);
      outputOf(command).answer({ file, valid: true }, () => `${file} is valid.`);
    });
}
