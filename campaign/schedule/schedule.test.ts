import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Random, type Schedule, timingOf } from './schedule.ts';

const hourMs = 3_600_000;
const calendar = { days: [1, 2, 3], fromMs: 9 * hourMs, toMs: 15 * hourMs, timezone: 'UTC', except: [] };
const daily: Random = { kind: 'random', calendar, probability: 0.2, seed: 1 };

function timing(when: Schedule['when']): string {
  return timingOf({ name: 'a', campaign: 'it.yaml', missed: 'skip', when });
}

test('a random timing tells how often it happens in the mean: here once in five days, of one draw each', () => {
  assert.equal(timing(daily), '20% once a day, 09:00-15:00 (UTC): one in 5 working days in the mean');
});

test('a random timing of several draws a day happens so many times their probability: six by 50%, three', () => {
  const hourly = { ...daily, probability: 0.5, everyMs: hourMs };
  assert.equal(timing(hourly), '50% every 1h, 09:00-15:00 (UTC): 3 a working day in the mean');
});

test('a cron timing tells its time zone', () => {
  const when = { kind: 'cron', expression: '0 3 * * 1-5', timezone: 'Europe/Berlin' } as const;
  assert.equal(timing(when), '0 3 * * 1-5 (Europe/Berlin)');
});
