import type { Campaign } from '../../proto/generated/ordeal/v1/Campaign.ts';
import type { CampaignRecord, TrialRecord } from '../state/records.ts';

const states = { running: 'RUNNING', completed: 'COMPLETED', aborted: 'ABORTED', failed: 'FAILED' } as const;

export function campaignMessage(record: CampaignRecord, trials: readonly TrialRecord[]): Campaign {
  const ended = trials.filter(({ phase }) => phase === 'ended');
  const judged = (wanted: TrialRecord['verdict']): number =>
    ended.filter(({ verdict = 'unknown' }) => verdict === wanted).length;
  const pausedBecause = record.state === 'running' ? record.pause?.reason : undefined;
  return {
    id: record.id,
    name: record.plan.name,
    state: states[record.state],
    trials: record.trials,
    trialsEnded: ended.length,
    trialsPassed: judged('pass'),
    trialsFailed: judged('fail'),
    trialsUnknown: judged('unknown'),
    trialsPruned: trials.filter(({ pruned }) => pruned !== undefined).length,
    startedWallUs: record.startedWallUs,
    endedWallUs: record.endedWallUs ?? 0,
    reason: record.reason ?? '',
    paused: pausedBecause !== undefined,
    pausedBecause: pausedBecause ?? '',
  };
}
