import { Command } from 'commander';
import { campaignAbortVerb, campaignPauseVerb, campaignResumeVerb } from './campaign-change.ts';
import { campaignGenerateVerb } from './campaign-generate.ts';
import { campaignListVerb } from './campaign-list.ts';
import { campaignPlanVerb } from './campaign-plan.ts';
import { campaignRunVerb } from './campaign-run.ts';
import { campaignValidateVerb } from './campaign-validate.ts';
import { campaignWatchVerb } from './campaign-watch.ts';

export function campaignVerbs(): Command {
  const campaign = new Command('campaign').description(
    'generate, validate, plan, run, list, watch, pause, resume and abort campaigns',
  );
  for (const verb of [
    campaignGenerateVerb(),
    campaignValidateVerb(),
    campaignPlanVerb(),
    campaignRunVerb(),
    campaignListVerb(),
    campaignWatchVerb(),
    campaignPauseVerb(),
    campaignResumeVerb(),
    campaignAbortVerb(),
  ]) {
    campaign.addCommand(verb);
  }
  return campaign;
}
