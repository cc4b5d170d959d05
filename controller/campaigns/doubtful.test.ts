import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CampaignRecord, TrialRecord } from '../state/records.ts';
import { doubtful } from './doubtful.ts';

function campaign(change: Partial<CampaignRecord>): CampaignRecord {
  const said = { saidStarted: true, saidEnded: false };
  const file = { name: 'a.yaml', text: '' };
  const plan = {} as CampaignRecord['plan'];
  return {
    id: 'c1',
    requestId: 'r1',
    file,
    plan,
    trials: 1,
    startedWallUs: 1,
    state: 'running',
    ...said,
    ...change,
  };
}

function trial(id: string, phase: TrialRecord['phase'], attempt: number): TrialRecord {
  return { campaign: 'c1', plan: { id } as TrialRecord['plan'], phase, attempt, failures: 0 };
}

test('only of an attempt that was ending it is in doubt whether its end was said', () => {
  const trials = [
    trial('t1', 'ended', 1),
    trial('t2', 'ending', 2),
    trial('t3', 'running', 1),
    trial('t4', 'waiting', 0),
  ];
  assert.deepEqual(doubtful(campaign({}), trials), ['trial.ended/t2/2']);
});

test('of a campaign whose start is not marked as said, the start is in doubt', () => {
  assert.deepEqual(doubtful(campaign({ saidStarted: false }), [trial('t1', 'waiting', 0)]), [
    'campaign.started//',
  ]);
});

test('of a campaign that is over, only its end can be in doubt, until that is marked as said', () => {
  const over = campaign({ state: 'completed' });
  assert.deepEqual(doubtful(over, [trial('t1', 'ended', 1)]), ['campaign.ended//']);
  assert.deepEqual(doubtful({ ...over, saidEnded: true }, [trial('t1', 'ended', 1)]), []);
});

test('of a pause only its last change is in doubt, and that only until it is known to be said', () => {
  const paused = { number: 2, reason: 'a repair', said: false };
  const resumed = { number: 2, said: false };
  assert.deepEqual(doubtful(campaign({ pause: paused }), []), ['campaign.paused//2']);
  assert.deepEqual(doubtful(campaign({ pause: resumed }), []), ['campaign.resumed//2']);
  assert.deepEqual(doubtful(campaign({ pause: { ...paused, said: true } }), []), []);
});
