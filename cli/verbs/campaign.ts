import { Command } from 'commander';
import { campaignAbortVerb, campaignListVerb } from './campaign-list.ts';
import { campaignPlanVerb } from './campaign-plan.ts';
import { campaignRunVerb } from './campaign-run.ts';
import { campaignValidateVerb } from './campaign-validate.ts';
import { campaignWatchVerb } from './campaign-watch.ts';

export function campaignVerbs(): Command {
  const campaign = new Command('campaign').description(
    'validate, plan, run, list, watch and abort campaigns',
  );
  for (const verb of [
    campaignValidateVerb(),
    campaignPlanVerb(),
    campaignRunVerb(),
    campaignListVerb(),
    campaignWatchVerb(),
    campaignAbortVerb(),
  ]) {
    campaign.addCommand(verb);
  }
  return campaign;
}
