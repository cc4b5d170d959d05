import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { GuestDisk } from './guest-disk.ts';
import { withFault } from './kernel-fault.ts';
import { MachineBed } from './machine-bed.ts';

/** What the kernel makes of a fault of a disk: timeouts, error handling, disks without a size. And what is left of that when it is over. */
let bed: MachineBed;
let disk: GuestDisk;

before(async () => {
  bed = await MachineBed.start();
});

beforeEach(async () => {
  [disk = disk] = await GuestDisk.ofScsiDebug(bed.machine);
});

after(async () => await bed.end());

async function state(): Promise<string> {
  return (await bed.machine.demand(`cat /sys/block/${disk.name}/device/state`)).trim();
}

describe('delays longer than a request may take', () => {
  const slow = (): Record<string, string | number> => ({
    ...{ scsi: disk.scsi, effect: 'delay', delay_us: 600_000_000, provoke_timeout: 1 },
  });

  beforeEach(async () => await disk.allowsRequests({ seconds: 3 }));

  test('a held command that times out is aborted without the driver, tried again, and succeeds when the fault is over', async () => {
    await withFault(bed.machine, 'storage', slow(), async (fault) => {
      await disk.readsMeanwhile(0);
      await fault.tells('timed_out', '1');
      await fault.tells('held', '1');
      await fault.disarm();
      assert.equal(await disk.readMeanwhile(), true);
      assert.deepEqual([await fault.count('held'), await fault.count('devices_set_running')], [0, 0]);
    });
    assert.deepEqual([await state(), await disk.reads(0, 8)], ['running', [true, true]]);
  });

  test('a device that error handling has set offline is set running, and told', async () => {
    await withFault(bed.machine, 'storage', slow(), async (fault) => {
      assert.deepEqual(await disk.reads(0), [false]);
      assert.equal(await state(), 'offline');
      await fault.disarm();
      assert.equal(await fault.count('devices_set_running'), 1);
    });
    assert.deepEqual([await state(), await disk.reads(0)], ['running', [true]]);
  });

  test('where error handling’s own commands pass, it finds the device alive and leaves it running', async () => {
    await withFault(bed.machine, 'storage', { ...slow(), pass_error_handling: 1 }, async (fault) => {
      await disk.readsMeanwhile(0);
      await fault.tells('error_handling_passed', '[1-9][0-9]*');
      await fault.disarm();
      assert.equal(await fault.count('devices_set_running'), 0);
    });
    assert.deepEqual([await state(), await disk.reads(0)], ['running', [true]]);
  });

  test('a device that was offline before is left so', async () => {
    await bed.machine.demand(`echo offline > /sys/block/${disk.name}/device/state`);
    await withFault(bed.machine, 'storage', { scsi: disk.scsi, effect: 'unavailable' }, async (fault) => {
      await fault.disarm();
      assert.equal(await fault.count('devices_set_running'), 0);
    });
    assert.equal(await state(), 'offline');
  });
});

test('a disk that was asked for its size meanwhile has it again', async () => {
  const size = async (): Promise<string> => await bed.machine.demand(`cat /sys/block/${disk.name}/size`);
  const before = await size();
  await withFault(bed.machine, 'storage', { scsi: disk.scsi, effect: 'unavailable' }, async (fault) => {
    await bed.machine.run(['blockdev', '--rereadpt', disk.path]);
    assert.notEqual(await size(), before);
    await fault.disarm();
    assert.equal(await fault.count('devices_rescanned'), 1);
  });
  assert.equal(await size(), before);
});
