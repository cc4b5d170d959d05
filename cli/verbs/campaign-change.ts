import type { Command } from 'commander';
import type { Campaign__Output } from '../../proto/generated/ordeal/v1/Campaign.ts';
import { type Control, withControl } from '../clients.ts';
import { campaignTable } from './campaign-list.ts';
import { outputOf, verb } from './verb.ts';

export function campaignPauseVerb(): Command {
  return verb('pause', 'let the current attempt of a campaign end, and begin no other until it is resumed')
    .argument('<id>', 'the campaign')
    .option('--reason <text>', 'why, for the record', 'paused from the command line')
    .action(async (id: string, { reason }: { reason: string }, command: Command) => {
      await change(command, async (control) => await control.pauseCampaign({ id, reason }));
    });
}

export function campaignResumeVerb(): Command {
  return verb('resume', 'go on with a campaign that is paused, where it was')
    .argument('<id>', 'the campaign')
    .action(async (id: string, _options: unknown, command: Command) => {
      await change(command, async (control) => await control.resumeCampaign({ id }));
    });
}

export function campaignAbortVerb(): Command {
  return verb('abort', 'end the current trial of a campaign, revert its faults, start no other')
    .argument('<id>', 'the campaign')
    .option('--reason <text>', 'why, for the record', 'aborted from the command line')
    .action(async (id: string, { reason }: { reason: string }, command: Command) => {
      await change(command, async (control) => await control.abortCampaign({ id, reason }));
    });
}

async function change(command: Command, ask: (control: Control) => Promise<Campaign__Output>): Promise<void> {
  const campaign = await withControl(ask);
  const output = outputOf(command);
  if (campaign.warning !== '') output.say(`Warning: ${campaign.warning}`);
  output.answer(campaign, () => campaignTable([campaign]));
}
