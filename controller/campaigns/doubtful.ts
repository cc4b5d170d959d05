import type { Event } from '../../events/event.ts';
import type { CampaignRecord, TrialRecord } from '../state/records.ts';

/**
 * What an earlier controller may have said of a campaign, as far as the records tell: they say that a word is to come before it is said, and
 * that it was said afterwards. Of all else it is known whether it was said.
 */
export function doubtful(record: CampaignRecord, trials: readonly TrialRecord[]): string[] {
  if (record.state !== 'running') return record.saidEnded ? [] : [saidKey('campaign.ended')];
  const ending = trials.filter(({ phase }) => phase === 'ending');
  const pruning = trials.filter(({ phase }) => phase === 'pruning');
  const { pause } = record;
  return [
    ...(record.saidStarted ? [] : [saidKey('campaign.started')]),
    ...(pause === undefined || pause.said ? [] : [pauseKey(pause)]),
    ...(record.concluded?.said === false ? [saidKey('campaign.concluded')] : []),
    ...ending.map(({ plan, attempt }) => saidKey('trial.ended', plan.id, attempt)),
    ...pruning.map(({ plan }) => saidKey('trial.pruned', plan.id)),
  ];
}

/** By which the beginning of one pause, or its end, is told from the others. */
function pauseKey({ number, reason }: NonNullable<CampaignRecord['pause']>): string {
  return saidKey(reason === undefined ? 'campaign.resumed' : 'campaign.paused', undefined, number);
}

/** By which one word on a campaign, on a pause or on an attempt of it, is told from the others. */
export function saidKey(kind: Event['body']['kind'], trial?: string, number?: number): string {
  return `${kind}/${trial ?? ''}/${number ?? ''}`;
}
