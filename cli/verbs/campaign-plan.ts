import type { Command } from 'commander';
import { faultTitle } from '../../campaign/fault-title.ts';
import { formatDuration } from '../../clock/duration.ts';
import type { CombinedFault__Output } from '../../proto/generated/ordeal/v1/CombinedFault.ts';
import type { PlanHead__Output } from '../../proto/generated/ordeal/v1/PlanHead.ts';
import type { PlannedTrial__Output } from '../../proto/generated/ordeal/v1/PlannedTrial.ts';
import { readCampaignText } from '../campaign-text.ts';
import { withControl } from '../clients.ts';
import { table } from '../output.ts';
import { planSummary } from '../plan-summary.ts';
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
          ...planSummary({ ...head, reach: reachOf(head) }, prunedLine(head)),
          table(
            ['TRIAL', 'FAULT', 'CELL', 'MECHANISM', 'FOR', 'SEED', 'TARGETS', ''],
            trials.flatMap((trial) => told(trial, rows(trial))),
          ),
        ].join('\n'),
      );
    });
}

function reachOf({ reach }: PlanHead__Output) {
  return reach === null ? undefined : { ...reach, smallest: reach.smallestP };
}

/** How many trials it can be, where earlier ones decide. */
function prunedLine({ trials, leastTrials, prunedTrials }: PlanHead__Output): string[] {
  if (leastTrials === trials) return [];
  const most = trials - prunedTrials;
  const out = prunedTrials === 0 ? '' : `${prunedTrials} left out already; `;
  return [
    `${out}${leastTrials === most ? `${most} run` : `${leastTrials} to ${most} run, as the trials before them show`}`,
  ];
}

/** What of it is known already: that it is left out, or that the trials before it decide. */
function told(
  { open, prunedBy, prunedGrounds }: PlannedTrial__Output,
  [first = [], ...more]: string[][],
): string[][] {
  const fate =
    prunedBy === '' ? (open ? 'may be left out' : '') : `left out by ${prunedBy} (${prunedGrounds})`;
  return [[...first, fate], ...more];
}

/** A combination has a row of its own, and one for each of its faults. */
function rows(trial: PlannedTrial__Output): string[][] {
  const { id, fault, faults, durationUs, seed } = trial;
  if (fault === '') return [[id, 'golden run', '', '', '', String(seed), '']];
  if (faults.length === 0) return [[id, ...row(trial)]];
  const members = faults.map((member) => ['', ...row(member, `  ${whenOf(member)} `)]);
  return [[id, fault, '', '', formatDuration(durationUs), String(seed), ''], ...members];
}

function whenOf({ atUs, upon, withinUs }: CombinedFault__Output): string {
  if (upon === '') return `at ${formatDuration(atUs)}`;
  const after = atUs === 0 ? 'upon' : `${formatDuration(atUs)} after`;
  return `${after} ${upon} (within ${formatDuration(withinUs)})`;
}

function row(planned: PlannedTrial__Output | CombinedFault__Output, before = ''): string[] {
  const { fault, intensity, cell, mechanism, element, durationUs, seed } = planned;
  const parts = planned.targets.map(({ host, kind, name }) => `${host} ${kind} ${name}`).join(', ');
  const title = faultTitle({ name: fault, ...(intensity === '' ? {} : { intensity }) });
  const targets = element === '' ? parts : `${element}: ${parts}`;
  return [`${before}${title}`, cell, mechanism, formatDuration(durationUs), String(seed), targets];
}
