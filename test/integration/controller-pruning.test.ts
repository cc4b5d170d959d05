import assert from 'node:assert/strict';
import { test } from 'node:test';
import { campaignText, ControllerBed } from './controller-bed.ts';

test('a trial is left out by what those before it have shown, is said once and never begun, also by the next controller', async (context) => {
  const bed = await ControllerBed.make(context);
  await bed.startController();
  await bed.measure({ outcome: 'masked', touched: [] });
  const [, host] = await bed.joined('tester', 'host-1');
  assert.ok(host);
  const prune = `[{ name: seen, filter: 'has(outcomes, "masked")' }]`;
  const id = await bed.run(campaignText({ golden: 0, repetitions: 2, prune }));
  await bed.until(() => bed.said('trial.ended').length > 0, 'the first trial has ended');
  await bed.kill();
  await bed.startController();
  const campaign = await bed.ended(id);
  assert.deepEqual(
    [campaign.state, campaign.trials, campaign.trialsEnded, campaign.trialsPassed, campaign.trialsPruned],
    ['COMPLETED', 2, 1, 1, 1],
  );
  await bed.until(() => bed.said('campaign.ended').length === 1, 'the end is said');
  assert.deepEqual(
    bed.said('trial.pruned').map(({ trial, attempt, body }) => ({ trial, attempt, body })),
    [
      {
        trial: 't002',
        attempt: undefined,
        body: { kind: 'trial.pruned', policy: 'seen', grounds: 'outcomes: masked' },
      },
    ],
  );
  // On a busy machine an attempt may fail, and the next one come.
  assert.deepEqual([...new Set(bed.said('trial.started').map(({ trial }) => trial))], ['t001']);
});

test('no block is begun when the intervals are narrow enough, but the last golden run is, and it is said why', async (context) => {
  const bed = await ControllerBed.make(context);
  await bed.startController();
  await bed.measure();
  await bed.joined('tester', 'host-1');
  const until = '{ atLeast: 2, narrow: [{ measure: l50, by: all, within: 1ms }] }';
  const id = await bed.run(campaignText({ golden: 1, repetitions: 4, until }));
  const campaign = await bed.ended(id);
  assert.deepEqual([campaign.state, campaign.trialsEnded, campaign.trialsPruned], ['COMPLETED', 3, 2]);
  await bed.until(() => bed.said('campaign.ended').length === 1, 'the end is said');
  assert.deepEqual(
    bed
      .said('campaign.concluded')
      .map(({ body }) => 'because' in body && [body.because, 'blocks' in body && body.blocks]),
    [['narrow', 2]],
  );
  assert.deepEqual(
    bed.said('trial.pruned').map(({ body }) => 'grounds' in body && [body.policy, body.grounds]),
    Array(2).fill(['until', 'every interval was as narrow as asked after 2 blocks']),
  );
});
