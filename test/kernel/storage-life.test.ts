import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { GuestDisk } from './guest-disk.ts';
import { withFault } from './kernel-fault.ts';
import { testLifeOfFault } from './life-of-a-fault.ts';
import { MachineBed } from './machine-bed.ts';

let bed: MachineBed;
let disk: GuestDisk;

before(async () => {
  bed = await MachineBed.start();
  disk = await GuestDisk.find(bed.machine, 'sda');
});

after(async () => await bed.end());

function unavailable(): Record<string, string> {
  return { scsi: disk.scsi, effect: 'unavailable' };
}

testLifeOfFault({
  name: 'storage',
  bed: () => bed,
  fault: unavailable,
  isFelt: async () => !(await disk.reads(0)).includes(true),
  effectsOfOneUse: 1,
});

test('the driver whose host it is in cannot be unloaded while it is armed', async () => {
  const [debug] = await GuestDisk.ofScsiDebug(bed.machine);
  assert.ok(debug);
  await withFault(bed.machine, 'storage', { scsi: debug.scsi, effect: 'unavailable' }, async () => {
    assert.match((await bed.machine.run(['rmmod', 'scsi_debug'])).stderr, /in use/);
    assert.deepEqual(await debug.reads(0), [false]);
  });
  await bed.machine.demand(['rmmod', 'scsi_debug']);
});

test('two faults of one host end each by itself', async () => {
  await withFault(
    bed.machine,
    'storage',
    { ...unavailable(), first_sector: 0, last_sector: 7 },
    async (first) => {
      await withFault(
        bed.machine,
        'storage',
        { ...unavailable(), first_sector: 8, last_sector: 15 },
        async () => {
          assert.deepEqual(await disk.reads(0, 8, 16), [false, false, true]);
          await first.disarm();
          assert.deepEqual(await disk.reads(0, 8, 16), [true, false, true]);
        },
      );
      assert.deepEqual(await disk.reads(0, 8, 16), [true, true, true]);
    },
  );
});
