import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { campaignText, ControllerBed } from './controller-bed.ts';

/** Longer than a controller takes from the end of one attempt to the beginning of the next. */
const momentMs = 3_000;

/** A campaign of two trials that was paused during the first, and whose first trial is over. */
async function paused(context: TestContext): Promise<{ bed: ControllerBed; id: string }> {
  const bed = await ControllerBed.make(context);
  await bed.startController();
  await bed.measure();
  await bed.joined('tester', 'host-1');
  const id = await bed.run(campaignText({ faults: 0, golden: 2 }));
  await bed.until(() => bed.steps('t001', 1).includes('warm-up begun'), 'the first trial runs');
  await bed.control.pauseCampaign({ id, reason: 'the lift is repaired' });
  await bed.until(async () => (await bed.campaign(id)).trialsEnded === 1, 'the first trial has ended');
  return { bed, id };
}

async function completed(bed: ControllerBed, id: string): Promise<void> {
  const { state, trialsPassed } = await bed.ended(id);
  assert.deepEqual([state, trialsPassed], ['COMPLETED', 2]);
  await bed.until(() => bed.said('campaign.ended').length === 1, 'the end is said');
}

describe('a campaign that is paused', { concurrency: 4 }, () => {
  test('lets the trial that runs come to its end, begins no other, and goes on when it is resumed', async (context) => {
    const { bed, id } = await paused(context);
    await sleep(momentMs);
    assert.deepEqual(bed.steps('t002', 1), []);
    const { state, paused: isPaused, pausedBecause, trialsPassed } = await bed.campaign(id);
    assert.deepEqual(
      [state, isPaused, pausedBecause, trialsPassed],
      ['RUNNING', true, 'the lift is repaired', 1],
    );
    assert.equal((await bed.control.resumeCampaign({ id })).paused, false);
    await completed(bed, id);
    const kinds = bed.events
      .map(({ event }) => event.body.kind)
      .filter((kind) => kind.startsWith('campaign.'));
    assert.deepEqual(kinds, ['campaign.started', 'campaign.paused', 'campaign.resumed', 'campaign.ended']);
  });

  test('stays so over a crash of the controller, and says it once', async (context) => {
    const { bed, id } = await paused(context);
    await bed.kill();
    await bed.startController();
    await bed.until(async () => (await bed.campaign(id)).paused, 'it is known to be paused');
    await sleep(momentMs);
    assert.deepEqual(bed.steps('t002', 1), []);
    await bed.control.resumeCampaign({ id });
    await bed.kill();
    await bed.startController();
    await completed(bed, id);
    assert.equal(bed.said('campaign.paused').length, 1);
    assert.equal(bed.said('campaign.resumed').length, 1);
  });

  test('is changed by the first of two pauses and of two resumes, and keeps the first reason', async (context) => {
    const { bed, id } = await paused(context);
    const again = await bed.control.pauseCampaign({ id, reason: 'another' });
    assert.equal(again.pausedBecause, 'the lift is repaired');
    await bed.control.resumeCampaign({ id });
    await bed.control.resumeCampaign({ id });
    await completed(bed, id);
    const after = await bed.control.pauseCampaign({ id, reason: 'too late' });
    assert.deepEqual([after.state, after.paused], ['COMPLETED', false]);
    assert.equal(bed.said('campaign.paused').length, 1);
    assert.equal(bed.said('campaign.resumed').length, 1);
  });

  test('keeps its hosts, and is ended by a stop of everything', async (context) => {
    const { bed, id } = await paused(context);
    const file = { text: campaignText({ faults: 0, golden: 1 }), name: 'other.yaml' };
    await assert.rejects(bed.control.runCampaign({ file, requestId: 'other' }), /runs on host/);
    assert.deepEqual((await bed.control.stopAll({ reason: 'fire' })).campaigns, [id]);
    const { state, reason, paused: isPaused } = await bed.ended(id);
    assert.deepEqual([state, reason, isPaused], ['ABORTED', 'fire', false]);
  });

  test('is ended by an abort', async (context) => {
    const { bed, id } = await paused(context);
    await bed.control.abortCampaign({ id, reason: 'enough' });
    assert.equal((await bed.ended(id)).state, 'ABORTED');
  });
});
