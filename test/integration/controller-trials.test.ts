import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { read } from '../../cli/calls.ts';
import { eventSchema, isKind } from '../../events/event.ts';
import { trialSteps } from '../../events/kinds.ts';
import { campaignText, ControllerBed } from './controller-bed.ts';

const everyStep = trialSteps.flatMap((step) => [`${step} begun`, `${step} done`]);

// Each has processes of its own, and does little but wait.
describe('the life of a trial', { concurrency: 3 }, () => {
  test('a campaign is judged without a host or a run: nothing is wrong with it, or each problem is told with its place', async (context) => {
    const bed = await ControllerBed.make(context);
    await bed.startController();
    const text = campaignText();
    assert.deepEqual((await bed.control.validateCampaign({ text, name: 'good.yaml' })).problems, []);
    const broken = text.replace('repetitions: 1', 'repetitions: none').replace('rate: 10/s', 'rate: fast');
    const { problems } = await bed.control.validateCampaign({ text: broken, name: 'broken.yaml' });
    const lines = broken.split('\n');
    assert.deepEqual(
      problems.map(({ path, line }) => [path, lines[line - 1]?.includes(path.split('.').at(-1) ?? '')]),
      [
        ['workload.http.load.rate', true],
        ['repetitions', true],
      ],
    );
    for (const { message, column } of problems) assert.ok(message !== '' && column > 0);
    assert.deepEqual((await bed.control.listCampaigns({})).campaigns, []);
  });

  test('a golden run and a trial with a fault go through every step, in order, and are judged', async (context) => {
    const bed = await ControllerBed.make(context);
    await bed.startController();
    await bed.measure();
    const [tester, one, two] = await bed.joined('tester', 'host-1', 'host-2');
    assert.ok(tester && one && two);
    const id = await bed.run(campaignText());
    const campaign = await bed.ended(id);
    assert.deepEqual(
      [campaign.state, campaign.trials, campaign.trialsEnded, campaign.trialsPassed],
      ['COMPLETED', 2, 2, 2],
    );
    await bed.until(() => bed.said('campaign.ended').length === 1, 'the end is said');
    assert.deepEqual(bed.steps('t001', 1), everyStep);
    assert.deepEqual(bed.steps('t002', 1), everyStep);
    assert.equal(bed.said('campaign.started').length, 1);
    assert.deepEqual(
      bed.said('trial.started').map(({ body }) => 'producers' in body && body.producers),
      Array(2).fill(['controller', 'host-1', 'host-2', 'tester']),
    );

    // The fault began on both hosts at the one instant that was said, and the load ran over all of it.
    const [golden, faulty] = bed.said('trial.scheduled');
    assert.ok(golden && faulty && isKind(faulty, 'trial.scheduled') && isKind(golden, 'trial.scheduled'));
    const { startUs, injectUs, removeUs, endUs } = faulty.body;
    assert.deepEqual(
      [injectUs - startUs, removeUs - injectUs, endUs - removeUs],
      [3_000_000, 600_000, 500_000],
    );
    assert.equal(golden.body.endUs - golden.body.startUs, endUs - startUs);
    for (const agent of [one, two]) {
      const injections = agent.history.filter(({ work }) => work === 'injection');
      assert.deepEqual(
        injections.map(({ state }) => state),
        ['STAGED', 'ACTIVE', 'ENDED'],
      );
      const active = injections[1]?.atUs ?? 0;
      assert.ok(active >= injectUs, `${injectUs - active} us before the start`);
      assert.equal(agent.sets.at(-1)?.length, 0, 'nothing is left to do');
    }
    const load = tester.sets.flat().find(({ workload, trial }) => workload && trial === 't002')?.workload;
    assert.ok(load);
    assert.equal(load.startUs, startUs - 400_000);
    assert.equal(load.startUs + load.durationUs, endUs + 300_000);

    // Every word of the controller is covered by its last one.
    const closed = bed.events.filter(({ event }) => event.body.kind === 'producer.closed');
    assert.equal(closed.length, 2);
    for (const { event } of closed) {
      const later = bed.events.filter(
        (other) =>
          other.event.producer === 'controller' &&
          other.event.trial === event.trial &&
          other.event.attempt === event.attempt &&
          other.event.seq > event.seq,
      );
      assert.deepEqual(later, []);
    }

    // A watcher that goes on after a break gets the rest, once, and then the end.
    const whole = await watched(bed, id, 0);
    const middle = whole[Math.floor(whole.length / 2)];
    assert.ok(middle);
    assert.deepEqual(await watched(bed, id, middle.sequence), whole.slice(Math.floor(whole.length / 2)));
    assert.equal(whole.at(-1)?.kind, 'campaign.ended');
  });

  async function watched(bed: ControllerBed, id: string, fromSequence: number) {
    const seen: { sequence: number; kind: string }[] = [];
    for await (const { sequence, event } of read(bed.control.client.watchCampaign({ id, fromSequence }))) {
      seen.push({ sequence, kind: eventSchema.parse(JSON.parse(event)).body.kind });
    }
    return seen;
  }

  test('the same request twice is one campaign, and another one on its hosts is refused', async (context) => {
    const bed = await ControllerBed.make(context);
    await bed.startController();
    await bed.joined('tester', 'host-1');
    const id = await bed.run(campaignText(), 'the request');
    assert.equal(await bed.run(campaignText(), 'the request'), id);
    await assert.rejects(
      bed.control.runCampaign({ file: { text: campaignText(), name: 'b.yaml' }, requestId: 'another' }),
      { code: 'ALREADY_EXISTS' },
    );
    await bed.control.abortCampaign({ id, reason: 'enough' });
    await bed.ended(id);
  });

  test('a part that refuses for good fails its trial without another try, no other part begins, and the campaign goes on', async (context) => {
    const bed = await ControllerBed.make(context);
    await bed.startController();
    await bed.measure();
    const [, one, two] = await bed.joined('tester', 'host-1', 'host-2');
    assert.ok(one && two);
    one.refusal = { errorCode: 'UNSUPPORTED', errorMessage: 'this kernel has no freezer' };
    const id = await bed.run(campaignText({ faults: 1, golden: 1 }));
    const campaign = await bed.ended(id);
    assert.deepEqual([campaign.state, campaign.trialsPassed, campaign.trialsUnknown], ['COMPLETED', 1, 1]);
    await bed.until(() => bed.said('campaign.ended').length === 1, 'the end is said');
    const ended = bed.said('trial.ended').filter(({ trial }) => trial === 't002');
    assert.deepEqual(
      ended.map(({ body }) => 'outcome' in body && [body.outcome, body.reason]),
      [['failed', 'this kernel has no freezer']],
    );
    const other = two.history.filter(({ work }) => work === 'injection');
    assert.deepEqual(
      other.map(({ state }) => state),
      ['STAGED', 'ENDED'],
    );
    // The way back was gone through all the same.
    assert.deepEqual(bed.steps('t002', 1).slice(-7), [
      'stage failed',
      'verify-clean begun',
      'verify-clean done',
      'collect begun',
      'collect done',
      'undeploy begun',
      'undeploy done',
    ]);
  });

  test('a trial whose infrastructure fails is tried three times, then it is unknown', async (context) => {
    const bed = await ControllerBed.make(context);
    await bed.startController();
    await bed.measure();
    const [, one] = await bed.joined('tester', 'host-1');
    assert.ok(one);
    one.refusal = { errorCode: 'LEASE_EXPIRED', errorMessage: 'cut off' };
    const campaign = await bed.ended(await bed.run(campaignText({ faults: 1, golden: 0 })));
    assert.deepEqual([campaign.state, campaign.trialsEnded, campaign.trialsUnknown], ['COMPLETED', 1, 1]);
    await bed.until(() => bed.said('campaign.ended').length === 1, 'the end is said');
    assert.deepEqual(
      bed.said('trial.started').map(({ attempt }) => attempt),
      [1, 2, 3],
    );
  });

  for (const [what, bootId, crashed] of [
    ['in another boot has crashed', 'the next', true],
    ['in the boot in which it went was only silent', 'boot', false],
  ] as const)
    test(`a host that falls silent in a trial and is back ${what}, and the trial says so`, async (context) => {
      const bed = await ControllerBed.make(context);
      await bed.startController();
      await bed.measure();
      const [, one] = await bed.joined('tester', 'host-1');
      assert.ok(one);
      const id = await bed.run(campaignText({ faults: 1, golden: 0, during: '3s' }));
      await bed.until(() => one.active.length > 0, 'the fault is there');
      one.silent = true;
      await bed.until(() => bed.said('host.silent').length === 1, 'it is missed');
      one.bootId = bootId;
      one.silent = false;
      one.cut();
      await bed.ended(id);
      const told = bed.said('host.returned').map(({ trial, body }) => ({ trial, ...body }));
      assert.equal(told.length, 1);
      const [silent] = bed.said('host.silent');
      const lastHeardUs = silent && 'lastHeardUs' in silent.body ? silent.body.lastHeardUs : undefined;
      const { returnedUs, bootedUs, ...rest } = { returnedUs: 0, bootedUs: undefined, ...told[0] };
      assert.deepEqual(rest, { trial: 't001', kind: 'host.returned', of: 'host-1', lastHeardUs, crashed });
      assert.ok(lastHeardUs !== undefined && returnedUs > lastHeardUs);
      assert.equal(bootedUs !== undefined, crashed, 'of a crash it is told when the boot began');
    });

  test('residue makes the trial unknown and quarantines the host until it is clean', async (context) => {
    const bed = await ControllerBed.make(context);
    await bed.startController();
    await bed.measure();
    const [, one] = await bed.joined('tester', 'host-1');
    assert.ok(one);
    one.residue = ['nft table ordeal-x'];
    const id = await bed.run(campaignText({ faults: 1, golden: 1 }));
    const because = async () =>
      (await bed.control.listHosts({})).hosts.find(({ name }) => name === 'host-1')?.quarantinedBecause;
    await bed.until(async () => (await because())?.[0] === 'nft table ordeal-x', 'it is in quarantine');
    await bed.until(async () => (await bed.campaign(id)).trialsUnknown === 1, 'the trial is unknown');
    one.residue = [];
    const campaign = await bed.ended(id);
    assert.deepEqual(await because(), []);
    assert.deepEqual([campaign.state, campaign.trialsPassed, campaign.trialsUnknown], ['COMPLETED', 1, 1]);
  });

  test('a store that is away while a fault comes and goes does not fail its trial', async (context) => {
    const bed = await ControllerBed.make(context);
    await bed.startController();
    await bed.measure();
    const [, one] = await bed.joined('tester', 'host-1');
    assert.ok(one);
    const id = await bed.run(campaignText({ faults: 1, golden: 0 }));
    await bed.until(() => bed.steps('t001', 1).includes('deploy done'), 'the trial runs');
    await bed.nats.stop();
    await bed.until(
      () => one.history.some(({ work, state }) => work === 'injection' && state === 'ENDED'),
      'the fault is over',
    );
    await bed.nats.start();
    const campaign = await bed.ended(id);
    assert.deepEqual([campaign.state, campaign.trialsPassed], ['COMPLETED', 1]);
    await bed.until(() => bed.said('campaign.ended').length === 1, 'the end is said');
    assert.deepEqual(bed.steps('t001', 1), everyStep);
    assert.equal(bed.said('trial.started').length, 1);
  });
});
