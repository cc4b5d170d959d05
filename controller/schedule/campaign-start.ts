import { compile } from '../../campaign/compile.ts';
import { readCampaign } from '../../campaign/read.ts';
import { reseed } from '../../campaign/reseed.ts';
import { seedFor } from '../../campaign/seed.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Campaigns } from '../campaigns/campaigns.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { isLate } from './due.ts';
import type { KeptSchedule } from './kept-schedule.ts';
import type { Firing } from './records.ts';

export interface StartOptions {
  readonly campaigns: Campaigns;
  readonly fleet: Fleet;
  readonly now: () => number;
}

/**
 * Starts the campaign of a firing and answers its id; the same firing again answers the same campaign. Throws why it cannot be started:
 * among others, that a host of it is in use.
 */
export async function startCampaign(
  kept: KeptSchedule,
  firing: Firing,
  options: StartOptions,
): Promise<string> {
  const file = { name: kept.record.campaign.name, text: textFor(kept, firing) };
  const requestId = `schedule/${firing.schedule}/${firing.instantMs}`;
  const { id = '' } = await options.campaigns.start(requestId, file, () => {
    // Only asked where no controller has started it yet: then what holds now counts.
    refuseToStart(kept, firing, options.now());
    return compile(readCampaign(file.text, file.name, kept.record.campaign), options.fleet.inventory);
  });
  return id;
}

/**
 * By cron the campaign is always the same, so that its runs can be compared. At random it has a seed of its own at each instant, so that
 * what it picks is another each time.
 */
function textFor({ schedule: { when, name }, record }: KeptSchedule, { instantMs }: Firing): string {
  const { text } = record.campaign;
  if (when.kind === 'cron') return text;
  return reseed(text, seedFor(when.seed, `schedule/${name}`, instantMs));
}

function refuseToStart({ record, schedule }: KeptSchedule, { instantMs }: Firing, nowMs: number): void {
  if (record.pausedBecause !== undefined)
    throw new OrdealError('ABORTED', `the schedule was paused meanwhile: ${record.pausedBecause}`);
  if (schedule.missed === 'skip' && isLate(instantMs, nowMs))
    throw new OrdealError('ABORTED', 'the controller was away before it could be started');
}
