import type { Command } from 'commander';
import type { Campaign__Output } from '../../proto/generated/ordeal/v1/Campaign.ts';
import { withControl } from '../clients.ts';
import { table } from '../output.ts';
import { outputOf, verb } from './verb.ts';

const head = ['CAMPAIGN', 'STATE', 'TRIALS', 'PRUNED', 'PASS', 'FAIL', 'UNKNOWN', 'STARTED', ''];

export function campaignListVerb(): Command {
  return verb('list', 'every campaign that the controller knows').action(
    async (_options: unknown, command: Command) => {
      const { campaigns } = await withControl(async (control) => await control.listCampaigns({}));
      outputOf(command).answer(campaigns, () =>
        campaigns.length === 0 ? 'No campaign yet.' : table(head, campaigns.map(row)),
      );
    },
  );
}

export function campaignAbortVerb(): Command {
  return verb('abort', 'end the current trial of a campaign, revert its faults, start no other')
    .argument('<id>', 'the campaign')
    .option('--reason <text>', 'why, for the record', 'aborted from the command line')
    .action(async (id: string, { reason }: { reason: string }, command: Command) => {
      const campaign = await withControl(async (control) => await control.abortCampaign({ id, reason }));
      const output = outputOf(command);
      if (campaign.warning !== '') output.say(`Warning: ${campaign.warning}`);
      output.answer(campaign, () => table(head, [row(campaign)]));
    });
}

function row(campaign: Campaign__Output): string[] {
  const {
    id,
    state,
    trials,
    trialsEnded,
    trialsPassed,
    trialsFailed,
    trialsUnknown,
    trialsPruned,
    startedWallUs,
    reason,
  } = campaign;
  return [
    id,
    state.toLowerCase(),
    `${trialsEnded}/${trials}`,
    String(trialsPruned),
    String(trialsPassed),
    String(trialsFailed),
    String(trialsUnknown),
    new Date(startedWallUs / 1000).toISOString().slice(0, 19),
    reason,
  ];
}
