import { z } from 'zod';
import type { TrialPlan } from '../../campaign/plan.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Event, EventBody } from '../../events/event.ts';
import { encodeEvent, messageBytesAtMost, unpackedBytesAtMost } from '../../events/event-codec.ts';
import type { Reporter } from '../../events/reporter.ts';
import type { CampaignRecord } from '../state/records.ts';

/** For what a campaign is found to run on when it begins: at some 100 bytes a host, packed, that of hundreds of hosts. */
const provenanceBytes = 64 * 1024;

/** Throws where the whole plan is more than campaign.started carries (packed, thousands of trials fit): without it nothing can be measured. */
export function refuseUnannounceable(record: CampaignRecord, trials: readonly TrialPlan[]): void {
  const refuseAbove = (bytesAtMost: number, bytes: number, how: string): void => {
    if (bytes <= bytesAtMost - provenanceBytes) return;
    throw new OrdealError(
      'INVALID_INPUT',
      `the plan of the campaign's ${trials.length} trials has ${bytes} bytes${how}; ${bytesAtMost - provenanceBytes} are allowed at most`,
      { remedy: 'Ask for fewer repetitions, or split it into several campaigns.' },
    );
  };
  const event = announcement(record, trials);
  refuseAbove(unpackedBytesAtMost, Buffer.byteLength(JSON.stringify(event)), '');
  refuseAbove(messageBytesAtMost, encodeEvent(event).length, ' when packed');
}

/** Says campaign.started with the whole plan. */
export function announce(
  reporter: Reporter,
  record: CampaignRecord,
  trials: readonly TrialPlan[],
  provenance: Record<string, string>,
): void {
  reporter.event({ campaign: record.id }, bodyOf(record, trials, provenance));
}

/** As the reporter will say it, but for its numbers. */
function announcement(record: CampaignRecord, trials: readonly TrialPlan[]): Event {
  const identity = { producer: 'controller', incarnation: '00000000', seq: 0, campaign: record.id };
  return { ...identity, host: 'controller', wallUs: 0, monoUs: 0, body: bodyOf(record, trials, {}) };
}

function bodyOf(
  record: CampaignRecord,
  trials: readonly TrialPlan[],
  provenance: Record<string, string>,
): EventBody {
  // What is undefined in the plan is absent in JSON.
  const plan = z.json().parse(JSON.parse(JSON.stringify({ ...record.plan, trials })));
  return { kind: 'campaign.started', name: record.plan.name, file: record.file.text, plan, provenance };
}
