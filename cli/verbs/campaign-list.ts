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
        campaigns.length === 0 ? 'No campaign yet.' : campaignTable(campaigns),
      );
    },
  );
}

export function campaignTable(campaigns: readonly Campaign__Output[]): string {
  return table(head, campaigns.map(row));
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
    paused,
    pausedBecause,
  } = campaign;
  return [
    id,
    paused ? 'paused' : state.toLowerCase(),
    `${trialsEnded}/${trials}`,
    String(trialsPruned),
    String(trialsPassed),
    String(trialsFailed),
    String(trialsUnknown),
    new Date(startedWallUs / 1000).toISOString().slice(0, 19),
    paused ? pausedBecause : reason,
  ];
}
