import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { isKind } from '../../events/event.ts';
import type { TrialStep } from '../../events/kinds.ts';
import { campaignText, ControllerBed } from './controller-bed.ts';

/**
 * Kills the controller when a step of the first trial begins, and starts another: two trials are to come of it, each counted once. On a
 * machine so busy that an attempt fails, the step is that of the next attempt.
 */
async function killAt(context: TestContext, step: TrialStep): Promise<ControllerBed> {
  const bed = await ControllerBed.make(context);
  await bed.startController();
  await bed.measure();
  const agents = await bed.joined('tester', 'host-1', 'host-2');
  const [tester] = agents;
  assert.ok(tester);
  // Else it would be over before the kill arrives.
  if (step === 'collect') tester.held = 'close';
  const id = await bed.run(campaignText({ faults: 2, golden: 0 }), 'once');
  const begins = (attempt: number): boolean => bed.steps('t001', attempt).includes(`${step} begun`);
  await bed.until(() => [1, 2, 3].some(begins), `${step} begins`);
  await bed.kill();
  tester.held = undefined;
  await bed.startController();
  // Whoever asked and got no answer asks again, and gets the same campaign.
  assert.equal(await bed.run(campaignText({ faults: 2, golden: 0 }), 'once'), id);
  const campaign = await bed.ended(id);
  assert.deepEqual(
    [campaign.state, campaign.trials, campaign.trialsEnded, campaign.trialsPassed],
    ['COMPLETED', 2, 2, 2],
  );
  await bed.until(() => bed.said('campaign.ended').length > 0, 'the end is said');
  assert.equal(bed.said('campaign.started').length, 1);
  assert.equal(bed.said('campaign.ended').length, 1);
  assert.deepEqual((await bed.control.listInjections({})).injections, []);
  const found = (await bed.control.listInjections({ endedToo: true })).injections;
  // One of an attempt that failed need not have begun.
  assert.ok(found.every(({ state }) => state === 'ended' || state === 'failed'));
  for (const agent of agents) {
    assert.deepEqual(agent.active, []);
    const sent = agent.sets.at(-1) ?? [];
    assert.equal(sent.length, 0, `${agent.options.host} has nothing left to do`);
    // No task was begun twice under one id.
    const begun = agent.history.filter(({ state }) => state === 'ACTIVE').map(({ id: task }) => task);
    assert.equal(new Set(begun).size, begun.length);
  }
  return bed;
}

function outcomes(bed: ControllerBed): string[] {
  return bed.events.flatMap(({ event }) =>
    isKind(event, 'trial.ended') ? [`${event.trial ?? ''} ${event.attempt ?? 0} ${event.body.outcome}`] : [],
  );
}

// Each has processes of its own, and does little but wait for leases and silences.
describe('a controller that is killed', { concurrency: 5 }, () => {
  for (const step of ['deploy', 'warm-up', 'inject', 'observe', 'collect'] as const) {
    test(`a controller killed at ${step} ends the attempt as interrupted and begins another`, async (context) => {
      const bed = await killAt(context, step);
      const all = bed.events.flatMap(({ event }) => (isKind(event, 'trial.ended') ? [event] : []));
      for (const trial of ['t001', 't002']) {
        const attempts = all.filter((event) => event.trial === trial).map(({ attempt = 0 }) => attempt);
        assert.deepEqual(
          attempts,
          attempts.map((_, index) => index + 1),
        );
      }
      const lasting = all.filter(({ body }) => body.outcome !== 'failed');
      assert.deepEqual(
        lasting.map(({ trial, body }) => [trial, body.outcome]),
        [
          ['t001', 'interrupted'],
          ['t001', 'completed'],
          ['t002', 'completed'],
        ],
      );
      const closed = bed.events.flatMap(({ event }) =>
        isKind(event, 'producer.closed') && event.producer === 'controller' ? [event] : [],
      );
      assert.equal(closed.length, all.length);
      // The last word on the interrupted attempt knows of what the killed one said.
      const [interrupted] = lasting;
      const first = closed.find(({ trial, attempt }) => trial === 't001' && attempt === interrupted?.attempt);
      assert.equal(first?.body.incarnations.length, 2);
    });
  }

  test('a controller killed while it waits for the verdict does not run the trial again', async (context) => {
    const bed = await ControllerBed.make(context);
    await bed.startController();
    const [tester] = await bed.joined('tester', 'host-1');
    assert.ok(tester);
    const id = await bed.run(campaignText({ faults: 1, golden: 0 }));
    // Nobody measures yet, so that it waits.
    await bed.until(
      () => tester.history.some(({ id: task }) => task.includes('undeploy')),
      'it is undeployed',
    );
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await bed.kill();
    await bed.startController();
    await bed.measure();
    const campaign = await bed.ended(id);
    assert.deepEqual([campaign.state, campaign.trialsPassed], ['COMPLETED', 1]);
    await bed.until(() => bed.said('campaign.ended').length > 0, 'the end is said');
    assert.deepEqual(outcomes(bed), ['t001 1 completed']);
  });

  test('a controller that finds its campaigns ended repeats nothing of them', async (context) => {
    const bed = await ControllerBed.make(context);
    await bed.startController();
    await bed.measure();
    await bed.joined('tester', 'host-1');
    const id = await bed.run(campaignText({ faults: 0, golden: 1 }));
    await bed.ended(id);
    await bed.until(() => bed.said('campaign.ended').length > 0, 'the end is said');
    const told = bed.events.length;
    await bed.kill();
    await bed.startController();
    await bed.until(async () => (await bed.campaign(id)).state === 'COMPLETED', 'it is known');
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    assert.equal(bed.events.length, told);
  });

  test('an injection by hand goes on over a crash of the controller, and can be ended by the next', async (context) => {
    const bed = await ControllerBed.make(context);
    await bed.startController();
    const [agent] = await bed.joined('host-1');
    assert.ok(agent);
    const { injections } = await bed.control.inject({
      requestId: 'by hand',
      cell: 'virtual.cpu.unavailability',
      mechanism: 'cgroup-freeze',
      host: 'host-1',
      kind: 'container',
      name: 'web',
      durationUs: 60_000_000,
      mode: { permanent: true },
    });
    const [injection] = injections;
    assert.equal(injection?.state, 'active');
    await bed.kill();
    await bed.startController();
    const sets = agent.sets.length;
    await bed.until(() => agent.sets.length > sets, 'the agent is told again');
    assert.equal(agent.active.length, 1);
    const stopped = await bed.control.stopInjection({ id: injection.id });
    assert.equal(stopped.state, 'ended');
    assert.deepEqual(agent.active, []);
  });
});
