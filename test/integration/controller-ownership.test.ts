import assert from 'node:assert/strict';
import { hostname } from 'node:os';
import { describe, test } from 'node:test';
import { campaignText, ControllerBed } from './controller-bed.ts';

async function ready(bed: ControllerBed, control = bed.control): Promise<void> {
  await bed.until(async () => {
    await control.listCampaigns({});
    return true;
  }, 'the controller is ready');
}

describe('the store of a controller', { concurrency: 4 }, () => {
  test('a second controller on the store of a living one ends, and says who that is and since when', async (context) => {
    const bed = await ControllerBed.make(context);
    await bed.startController();
    await ready(bed);
    const rival = await bed.startRival();
    const said = await rival.ended;
    assert.match(
      said,
      new RegExp(
        `ALREADY_EXISTS: the controller with the process id \\d+ on ${hostname()}, owner 1 since \\d{4}-.*, uses this store, and is alive`,
      ),
    );
    await ready(bed);
  });

  test('a controller that was silent is replaced, ends when it wakes, and its campaign is run by the other alone', async (context) => {
    const bed = await ControllerBed.make(context);
    await bed.startController();
    await bed.joined('tester', 'host-1');
    const id = await bed.run(campaignText({ faults: 1, golden: 0, during: '60s' }));
    const paused = bed.pause();
    const rival = await bed.startRival();
    await ready(bed, rival.control);
    const { campaigns } = await rival.control.listCampaigns({});
    assert.deepEqual(
      campaigns.map((campaign) => [campaign.id, campaign.state]),
      [[id, 'RUNNING']],
    );
    paused.goOn();
    assert.match(await paused.ended, /DEPOSED: the controller .* owner 2 since .* has taken the store/);
    await ready(bed, rival.control);
  });

  test('a controller that ended in order leaves the store to any other at once', async (context) => {
    const bed = await ControllerBed.make(context);
    const controller = await bed.controllerHere();
    await controller.resume();
    await controller.stop();
    const rival = await bed.startRival();
    await ready(bed, rival.control);
  });

  test('a write of the owner arrives also where its answer was lost, and one of a deposed owner never', async (context) => {
    const bed = await ControllerBed.make(context);
    const controller = await bed.controllerHere();
    await controller.resume();
    const store = await controller.bus.store('ordeal_controller');
    const owner = await store.get('owner');
    assert.ok(owner);
    // As if the last renewal had arrived, and the controller had not heard of it.
    await store.put('owner', owner.value, owner.revision);
    const request = async (name: string) => await controller.oneShots.inject(name, () => [record(name)]);
    const first = assert.rejects(request('a'));
    await bed.until(async () => (await store.get('injection.a')) !== undefined, 'it is stored');
    const other = { ...(owner.value as object), incarnation: 'another', identity: 'another', epoch: 2 };
    await bed.until(async () => {
      const { revision = 0 } = (await store.get('owner')) ?? {};
      return (await store.put('owner', other, revision)) !== undefined;
    }, 'another takes the store');
    assert.equal((await controller.failed).code, 'DEPOSED');
    await assert.rejects(request('b'));
    assert.equal(await store.get('injection.b'), undefined);
    await first;
  });
});

function record(id: string) {
  return {
    id,
    requestId: id,
    cell: 'virtual.cpu.unavailability',
    mechanism: 'cgroup-freeze',
    target: { host: 'host-1', kind: 'container' as const, name: 'web' },
    parameters: '{}',
    mode: { kind: 'permanent' as const },
    seed: 1,
    durationUs: 1,
    onRestart: 'end' as const,
    startUs: 0,
  };
}
