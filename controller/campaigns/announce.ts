import { z } from 'zod';
import type { TrialPlan } from '../../campaign/plan.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Reporter } from '../../events/reporter.ts';
import type { CampaignRecord } from '../state/records.ts';

/**
 * Says campaign.started with the whole plan. Where that is more than one message carries (packed, thousands of trials fit) it goes
 * without its trials: each of them still explains itself by the events of its injections.
 */
export function announce(
  reporter: Reporter,
  record: CampaignRecord,
  trials: readonly TrialPlan[],
  provenance: Record<string, string>,
): void {
  const { name } = record.plan;
  const say = (listed: readonly TrialPlan[]): void => {
    // What is undefined in the plan is absent in JSON.
    const plan = z.json().parse(JSON.parse(JSON.stringify({ ...record.plan, trials: listed })));
    const body = { kind: 'campaign.started', name, file: record.file.text, plan, provenance } as const;
    reporter.event({ campaign: record.id }, body);
  };
  try {
    say(trials);
  } catch (error) {
    if (OrdealError.from(error).code !== 'INVALID_INPUT') throw error;
    say([]);
  }
}
