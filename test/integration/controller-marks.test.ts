import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdir, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
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

/** The folder of the marks is a file: every write of one fails. */
async function breakTheDisk(bed: ControllerBed): Promise<void> {
  const marks = join(bed.stateDirectory, 'stopped');
  await rmdir(marks);
  await writeFile(marks, '');
}

/** Opening a pipe that nobody reads does not return, as a write to a disk that hangs. */
function hangTheDisk(bed: ControllerBed, id: string): void {
  execFileSync('mkfifo', [join(bed.stateDirectory, 'stopped', `.${id}.new`)]);
}

describe('the marks of a stop', { concurrency: 4 }, () => {
  for (const [disk, spoil] of [
    ['fails', breakTheDisk],
    ['hangs', hangTheDisk],
  ] as const) {
    test(`an abort ends the fault also when the disk ${disk}, and says that a crash could undo it`, async (context) => {
      const bed = await ControllerBed.make(context);
      await bed.startController();
      const [, one] = await bed.joined('tester', 'host-1');
      assert.ok(one);
      const id = await bed.run(campaignText({ faults: 1, golden: 0, during: '30s' }));
      await bed.until(() => one.active.length === 1, 'the fault is there');
      await spoil(bed, id);
      const campaign = await bed.control.abortCampaign({ id, reason: 'enough' });
      assert.match(campaign.warning, /stop is done.*disk/);
      await bed.until(() => one.active.length === 0, 'the fault is gone');
      assert.equal((await bed.ended(id)).state, 'ABORTED');
    });

    test(`a stop of everything ends every fault also when the disk ${disk}, and says that a crash could undo it`, async (context) => {
      const bed = await ControllerBed.make(context);
      await bed.startController();
      const [one] = await bed.joined('host-1');
      assert.ok(one);
      const { injections } = await bed.control.inject({ ...byHand, requestId: 'a' });
      await spoil(bed, injections[0]?.id ?? '');
      const stopped = await bed.control.stopAll({ reason: 'enough' });
      assert.deepEqual(one.active, []);
      assert.equal(stopped.injections[0]?.state, 'ended');
      assert.match(stopped.warnings[0] ?? '', /stop is done.*disk/);
    });
  }

  test('a stop of everything on a disk that works has nothing to warn of', async (context) => {
    const bed = await ControllerBed.make(context);
    await bed.startController();
    await bed.joined('host-1');
    await bed.control.inject({ ...byHand, requestId: 'a' });
    assert.deepEqual((await bed.control.stopAll({ reason: 'enough' })).warnings, []);
  });

  test('a stop of everything that is given while the state is taken up reaches what is not taken up yet, and nothing later', async (context) => {
    const bed = await ControllerBed.make(context);
    await bed.startController();
    await bed.joined('tester', 'host-1', 'host-2');
    await bed.control.inject({ ...byHand, host: 'host-2', requestId: 'a' });
    const text = campaignText({ faults: 1, golden: 0, during: '30s' }).replace(
      'host: host-*',
      'host: host-1',
    );
    const id = await bed.run(text);
    await bed.kill();
    const controller = await bed.controllerHere();
    let stops = 0;
    // The injection by hand is taken up first.
    controller.fleet.onAssign(() => {
      stops += 1;
      if (stops === 1) controller.stopAll('at once');
    });
    await controller.resume();
    assert.ok(stops > 0);
    assert.ok(controller.campaigns.get(id).isAborted);
    assert.ok(!(await readdir(join(bed.stateDirectory, 'stopped'))).includes('everything'));
  });

  test('a stop of everything that was given before the state was read aborts what ran, and nothing that is asked for later', async (context) => {
    const bed = await ControllerBed.make(context);
    await bed.startController();
    await bed.measure();
    await bed.joined('tester', 'host-1');
    const before = await bed.run(campaignText({ faults: 1, golden: 0, during: '30s' }));
    await bed.kill();
    await bed.nats.stop();
    await bed.startController();
    await bed.control.stopAll({ reason: 'at once' });
    await bed.nats.start();
    const aborted = await bed.ended(before);
    assert.deepEqual([aborted.state, aborted.reason], ['ABORTED', 'at once']);
    const later = await bed.run(campaignText({ faults: 1, golden: 0 }));
    await bed.kill();
    await bed.startController();
    assert.equal((await bed.ended(later)).state, 'COMPLETED');
  });
});
