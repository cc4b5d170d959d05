import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isKind } from '../../events/event.ts';
import { campaignText, ControllerBed } from './controller-bed.ts';

const byHand = {
  cell: 'virtual.cpu.unavailability',
  mechanism: 'cgroup-freeze',
  host: 'host-1',
  kind: 'container',
  name: 'web',
  durationUs: 60_000_000,
  mode: { permanent: true },
};

// Each has processes of its own, and does little but wait.
describe('an abort and a stop', { concurrency: 3 }, () => {
  test('an abort in the middle of a fault ends the fault, goes the way back and starts no other trial', async (context) => {
    const bed = await ControllerBed.make(context);
    await bed.startController();
    await bed.measure();
    const [, one] = await bed.joined('tester', 'host-1');
    assert.ok(one);
    const id = await bed.run(campaignText({ faults: 2, golden: 0, during: '30s' }));
    await bed.until(() => one.active.length === 1, 'the fault is there');
    await bed.control.abortCampaign({ id, reason: 'enough is seen' });
    await bed.until(() => one.active.length === 0, 'the fault is gone');
    const campaign = await bed.ended(id);
    assert.deepEqual(
      [campaign.state, campaign.reason, campaign.trialsEnded],
      ['ABORTED', 'enough is seen', 1],
    );
    await bed.until(() => bed.said('campaign.ended').length === 1, 'the end is said');
    const trials = bed.said('trial.ended');
    assert.deepEqual(
      trials.map((event) => [event.trial, isKind(event, 'trial.ended') && event.body.outcome]),
      [['t001', 'aborted']],
    );
    assert.ok(bed.steps('t001', 1).includes('verify-clean done'));
    // Again it changes nothing.
    const again = await bed.control.abortCampaign({ id, reason: 'another reason' });
    assert.equal(again.reason, 'enough is seen');
  });

  test('stop all answers without a store, ends everything, and holds over a crash', async (context) => {
    const bed = await ControllerBed.make(context);
    await bed.startController();
    await bed.measure();
    const [, one, two] = await bed.joined('tester', 'host-1', 'host-2');
    assert.ok(one && two);
    const { injections } = await bed.control.inject({ ...byHand, requestId: 'a', host: 'host-2' });
    const text = campaignText({ faults: 2, golden: 0, during: '30s' }).replaceAll(
      'host: host-*',
      'host: host-1',
    );
    const id = await bed.run(text);
    await bed.until(() => one.active.length === 1 && two.active.length === 1, 'both faults are there');
    await bed.nats.stop('SIGKILL');
    const stopped = await bed.control.stopAll({ reason: 'the users complain' });
    assert.deepEqual(stopped.campaigns, [id]);
    assert.deepEqual(
      stopped.injections.map(({ state }) => state),
      ['ended', 'ended'],
    );
    assert.ok(stopped.injections.some((injection) => injection.id === injections[0]?.id));
    assert.deepEqual([...one.active, ...two.active], []);
    // The store was never told. Whoever comes next knows it all the same.
    await bed.kill();
    await bed.nats.start();
    await bed.startController();
    const campaign = await bed.ended(id);
    assert.deepEqual([campaign.state, campaign.reason], ['ABORTED', 'the users complain']);
    assert.equal(bed.said('trial.started').length, 1);
    // Later requests are new ones.
    const [next] = (await bed.control.inject({ ...byHand, requestId: 'b' })).injections;
    assert.equal(next?.state, 'active');
    assert.equal((await bed.control.stopInjection({ id: next.id })).state, 'ended');
  });

  test('a controller that starts without a store serves hosts and stops, refuses runs, and recovers', async (context) => {
    const bed = await ControllerBed.make(context);
    await bed.nats.stop();
    await bed.startController();
    const [one] = await bed.joined('host-1');
    assert.ok(one);
    await bed.until(() => one.beats.length > 2, 'beats are answered');
    assert.ok(
      one.beats.every(({ leaseUs }) => leaseUs === 0),
      'nothing may start',
    );
    assert.deepEqual(one.sets, []);
    const file = { text: campaignText(), name: 'test.yaml' };
    await assert.rejects(bed.control.runCampaign({ file, requestId: 'c' }), { code: 'STORE_UNAVAILABLE' });
    await assert.rejects(bed.control.inject({ ...byHand, requestId: 'd' }), { code: 'STORE_UNAVAILABLE' });
    const stopped = await bed.control.stopAll({ reason: 'at once' });
    assert.deepEqual([stopped.campaigns, stopped.injections, stopped.hostsOutOfReach], [[], [], []]);
    await bed.until(() => one.sets.at(-1)?.length === 0, 'the host is told that nothing shall be');
    await bed.nats.start();
    await bed.until(async () => {
      const { injections } = await bed.control.inject({ ...byHand, requestId: 'e', durationUs: 200_000 });
      return injections.every(({ state }) => state === 'active' || state === 'ended');
    }, 'an injection begins');
  });

  test('a host that is cut off is named, and its injection is lost until it ends', async (context) => {
    const bed = await ControllerBed.make(context);
    await bed.startController();
    const [one] = await bed.joined('host-1');
    assert.ok(one);
    await bed.control.inject({ ...byHand, requestId: 'f' });
    one.stop();
    await bed.until(
      async () => (await bed.control.listHosts({})).hosts[0]?.connected === false,
      'it is away',
    );
    const { injections, hostsOutOfReach } = await bed.control.stopAll({ reason: '' });
    assert.deepEqual(hostsOutOfReach, ['host-1']);
    assert.deepEqual(
      injections.map(({ state }) => state),
      ['lost'],
    );
  });

  test('an injection without an end, on nothing, or by a substitute that nobody named is refused', async (context) => {
    const bed = await ControllerBed.make(context);
    await bed.startController();
    await bed.joined('host-1');
    await bed.until(async () => {
      await bed.control.listCampaigns({});
      return true;
    }, 'it is ready');
    const refused = async (change: object, code: string): Promise<void> => {
      const requestId = `g-${Math.random()}`;
      await assert.rejects(bed.control.inject({ ...byHand, requestId, ...change }), { code });
    };
    await refused({ durationUs: 0 }, 'INVALID_INPUT');
    await refused({ host: 'nowhere' }, 'NO_TARGET');
    await refused({ name: 'nothing' }, 'NO_TARGET');
    await refused({ parameters: '{"speed": 3}' }, 'INVALID_INPUT');
    await refused({ mechanism: 'no-such' }, 'INVALID_INPUT');
    await refused(
      { cell: 'physical.cpu.delay', kind: 'host', name: 'host-1', mechanism: 'cpu-burn' },
      'INVALID_INPUT',
    );
    const { cells } = await bed.control.listFaults({});
    assert.equal(cells.length, 24);
    const served = cells.flatMap(({ mechanisms }) => mechanisms);
    assert.ok(served.some(({ name, hosts }) => name === 'cgroup-freeze' && hosts[0]?.host === 'host-1'));
  });
});
