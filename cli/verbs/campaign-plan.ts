import type { Command } from 'commander';
import { faultTitle } from '../../campaign/fault-title.ts';
import { formatDuration } from '../../clock/duration.ts';
import type { PlanHead__Output } from '../../proto/generated/ordeal/v1/PlanHead.ts';
import type { PlannedTrial__Output } from '../../proto/generated/ordeal/v1/PlannedTrial.ts';
import { readCampaignText } from '../campaign-text.ts';
import { withControl } from '../clients.ts';
import { table } from '../output.ts';
import { allowSubstitute, outputOf, verb } from './verb.ts';

export function campaignPlanVerb(): Command {
  return verb(
    'plan',
    'every trial that a campaign file would run on the hosts that are here now; changes nothing',
  )
    .argument('<file>', 'the campaign file')
    .option(...allowSubstitute)
    .action(async (file: string, options: { allowSubstitute?: boolean }, command: Command) => {
      const request = await readCampaignText(file, options);
      const { head, trials } = await withControl(async (control) => await control.planCampaign(request));
      outputOf(command).answer({ ...head, trials }, () =>
        [
          `${head.name}: ${head.trials} trials, seed ${head.seed}, about ${formatDuration(Math.round(head.estimateUs / 1e6) * 1e6)}`,
          ...reachLine(head),
          ...head.warnings.map((warning) => `warning: ${warning}`),
          table(['TRIAL', 'FAULT', 'CELL', 'MECHANISM', 'FOR', 'SEED', 'TARGETS'], trials.map(row)),
        ].join('\n'),
      );
    });
}

function reachLine({ reach }: PlanHead__Output): string[] {
  if (reach === null) return [];
  const { smallestP, cells, trials, goldenRuns } = reach;
  const p = smallestP < 0.0001 ? 'below 0.0001' : String(Number(smallestP.toPrecision(2)));
  const corrected = cells === 1 ? '' : ` after the correction for ${cells} cells`;
  return [`smallest p of a cell (${trials} trials) against the ${goldenRuns} golden runs${corrected}: ${p}`];
}

function row(trial: PlannedTrial__Output): string[] {
  const { id, fault, intensity, cell, mechanism, element, durationUs, seed } = trial;
  const parts = trial.targets.map(({ host, kind, name }) => `${host} ${kind} ${name}`).join(', ');
  const targets = element === '' ? parts : `${element}: ${parts}`;
  return [
    id,
    fault === '' ? 'golden run' : faultTitle({ name: fault, ...(intensity === '' ? {} : { intensity }) }),
    cell,
    mechanism,
    fault === '' ? '' : formatDuration(durationUs),
    String(seed),
    targets,
  ];
}
