import type { Firing__Output } from '../proto/generated/ordeal/v1/Firing.ts';
import type { Schedule__Output } from '../proto/generated/ordeal/v1/Schedule.ts';
import { table } from './output.ts';

export function scheduleTable(schedules: readonly Schedule__Output[]): string {
  const rows = schedules.map(({ name, campaignName, timing, nextWallUs, last, paused, pausedBecause }) => [
    name,
    campaignName,
    timing,
    paused ? 'paused' : nextWallUs === 0 ? 'never' : instantText(nextWallUs),
    last === null ? '' : last.outcome.toLowerCase(),
    pausedBecause,
  ]);
  return table(['SCHEDULE', 'CAMPAIGN', 'TIMING', 'NEXT', 'LAST', ''], rows);
}

export function firingTable(firings: readonly Firing__Output[]): string {
  const rows = firings.map(({ instantWallUs, outcome, campaign, reason, passed }) => [
    instantText(instantWallUs),
    outcome.toLowerCase(),
    campaign,
    [
      // Several things may stand against a start, a line each.
      reason.replaceAll('\n', '; '),
      passed === 0 ? '' : `${passed > 1000 ? 'more than 1000' : passed} earlier instants had passed too`,
    ]
      .filter((text) => text !== '')
      .join('; '),
  ]);
  return table(['INSTANT', 'OUTCOME', 'CAMPAIGN', ''], rows);
}

/** UTC, as all times that are shown. */
export function instantText(wallUs: number): string {
  return `${new Date(wallUs / 1000).toISOString().slice(0, 19)}Z`;
}
