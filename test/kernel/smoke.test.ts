import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bitsThatDiffer } from './bits-that-differ.ts';
import { GuestDisk } from './guest-disk.ts';
import { withFault } from './kernel-fault.ts';
import { MachineBed } from './machine-bed.ts';

/** One boot, and every injector of the kernel once: what `npm test` has of the kernel. The rest is `npm run test:kernels`. */
let bed: MachineBed;
let disk: GuestDisk;
let neighbour: GuestDisk;

before(async () => {
  bed = await MachineBed.start();
  disk = await GuestDisk.find(bed.machine, 'sda');
  neighbour = await GuestDisk.find(bed.machine, 'sdb');
});

after(async () => await bed.end());

test('a disk that is unavailable refuses reads, its neighbour none', async () => {
  await withFault(bed.machine, 'storage', { scsi: disk.scsi, effect: 'unavailable' }, async (fault) => {
    assert.deepEqual(await disk.reads(0, 8), [false, false]);
    assert.deepEqual(await neighbour.reads(0), [true]);
    assert.equal((await fault.status()).effects, 2);
  });
  assert.deepEqual(await disk.reads(0), [true]);
});

test('a command that is delayed comes as late as asked, and none is lost', async () => {
  const asked = { scsi: disk.scsi, effect: 'delay', delay_us: 50_000 };
  await withFault(bed.machine, 'storage', asked, async (fault) => {
    assert.deepEqual(await disk.reads(0, 8), [true, true]);
    assert.ok((await fault.count('delayed_sum_ns')) >= 2 * 50_000_000);
    await fault.disarm();
    assert.equal(await fault.count('held'), 0);
  });
});

test('as many bits of a read are flipped as asked, and none afterwards', async () => {
  const content = Buffer.alloc(65_536, 0x5a);
  await disk.fill(content);
  const asked = { scsi: disk.scsi, effect: 'corrupt', direction: 'read', bits: 3 };
  const read = await withFault(bed.machine, 'storage', asked, async () => await disk.content(content.length));
  assert.equal(bitsThatDiffer(content, read), 3);
  assert.deepEqual(await disk.content(content.length), content);
});

test('as many bits of a write are flipped as asked', async () => {
  const content = Buffer.alloc(65_536, 0x5a);
  const asked = { scsi: disk.scsi, effect: 'corrupt', direction: 'write', bits: 3 };
  await withFault(bed.machine, 'storage', asked, async () => await disk.fill(content));
  assert.equal(bitsThatDiffer(content, await disk.content(content.length)), 3);
});

test('a bad sector refuses, the one beside it does not', async () => {
  const asked = { scsi: disk.scsi, effect: 'error', first_sector: 8, last_sector: 8 };
  await withFault(bed.machine, 'storage', asked, async () => {
    assert.deepEqual(await disk.reads(0, 8, 16), [true, false, true]);
  });
});

test('a sector that is read-only can be read and not written', async () => {
  const asked = { scsi: disk.scsi, effect: 'read_only', first_sector: 8, last_sector: 8 };
  await withFault(bed.machine, 'storage', asked, async () => {
    assert.deepEqual(await disk.reads(8), [true]);
    assert.deepEqual(await disk.writes(0, 8, 16), [true, false, true]);
  });
});
