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
  await bed.until(() => bed.said('trial.ended').length === 1, 'the first trial has ended');
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
  assert.deepEqual(
    bed.said('trial.started').map(({ trial }) => trial),
    ['t001'],
  );
});
