import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { GuestDisk } from './guest-disk.ts';
import { withFault } from './kernel-fault.ts';
import { MachineBed } from './machine-bed.ts';

/** Commands that the kernel answers in the place of the disk: unavailable, bad sectors, read-only sectors. */
let bed: MachineBed;
let disk: GuestDisk;
let neighbour: GuestDisk;
let debug: GuestDisk;

before(async () => {
  bed = await MachineBed.start();
  disk = await GuestDisk.find(bed.machine, 'sda');
  neighbour = await GuestDisk.find(bed.machine, 'sdb');
  [debug = neighbour] = await GuestDisk.ofScsiDebug(bed.machine);
});

after(async () => await bed.end());

const sectors = (count: number): number[] => Array.from({ length: count }, (_, index) => index * 8);
const failures = (tries: readonly boolean[]): number => tries.filter((succeeded) => !succeeded).length;

describe('unavailable', () => {
  test('every command fails and is counted, of reads and of writes', async () => {
    await withFault(bed.machine, 'storage', { scsi: disk.scsi, effect: 'unavailable' }, async (fault) => {
      assert.equal(failures(await disk.reads(...sectors(10))), 10);
      assert.equal(failures(await disk.writes(...sectors(10))), 10);
      const { seen, effects } = await fault.status();
      assert.deepEqual({ seen, effects }, { seen: 20, effects: 20 });
    });
  });

  test('the other disk of the host is not touched', async () => {
    await withFault(bed.machine, 'storage', { scsi: disk.scsi, effect: 'unavailable' }, async (fault) => {
      assert.equal(failures(await neighbour.reads(...sectors(10))), 0);
      assert.equal((await fault.status()).seen, 0);
      assert.equal(failures(await disk.reads(0)), 1);
    });
  });

  test('of a whole host, all its disks are gone, and no other host', async () => {
    await withFault(bed.machine, 'storage', { scsi: disk.host, effect: 'unavailable' }, async () => {
      assert.deepEqual([await disk.reads(0), await neighbour.reads(0)], [[false], [false]]);
      assert.deepEqual(await debug.reads(0), [true]);
    });
  });

  test('it serves any SCSI host', async () => {
    await withFault(bed.machine, 'storage', { scsi: debug.scsi, effect: 'unavailable' }, async () => {
      assert.deepEqual([await debug.reads(0), await debug.writes(0)], [[false], [false]]);
      assert.deepEqual(await disk.reads(0), [true]);
    });
  });

  test('of one direction, the other goes on', async () => {
    const asked = { scsi: disk.scsi, effect: 'unavailable', direction: 'write' };
    await withFault(bed.machine, 'storage', asked, async (fault) => {
      assert.deepEqual([await disk.reads(0), await disk.writes(0)], [[true], [false]]);
      assert.equal((await fault.status()).seen, 1);
    });
  });
});

describe('modes', () => {
  const asked = { effect: 'unavailable', direction: 'read' };

  test('one in n is the first of every n', async () => {
    await withFault(bed.machine, 'storage', { ...asked, scsi: disk.scsi, mode: 'one_in 3' }, async () => {
      assert.deepEqual(await disk.reads(...sectors(7)), [false, true, true, false, true, true, false]);
    });
  });

  test('a share is about that share, the same for a seed and another for another', async () => {
    const share = async (seed: number): Promise<boolean[]> =>
      await withFault(
        bed.machine,
        'storage',
        { ...asked, scsi: disk.scsi, mode: 'share 250000000', seed },
        async (fault) => {
          const tries = await disk.reads(...sectors(200));
          assert.equal((await fault.status()).effects, failures(tries));
          return tries;
        },
      );
    const first = await share(1);
    // By the binomial distribution, 24 to 79 of 200 but once in a million times; and the seed makes it the same each time.
    assert.ok(failures(first) > 23 && failures(first) < 80, `${failures(first)} of 200`);
    assert.deepEqual(await share(1), first);
    assert.notDeepEqual(await share(2), first);
  });

  test('a share of none touches nothing, and sees all', async () => {
    await withFault(bed.machine, 'storage', { ...asked, scsi: disk.scsi, mode: 'share 0' }, async (fault) => {
      assert.equal(failures(await disk.reads(...sectors(20))), 0);
      const { seen, effects } = await fault.status();
      assert.deepEqual({ seen, effects }, { seen: 20, effects: 0 });
    });
  });

  test('bursts touch some of a long row of reads and let others be', async () => {
    await withFault(
      bed.machine,
      'storage',
      { ...asked, scsi: disk.scsi, mode: 'burst 30000 30000' },
      async () => {
        const failed = failures(await disk.reads(...sectors(200)));
        assert.ok(failed > 0 && failed < 200, `${failed} of 200`);
      },
    );
  });
});

describe('sectors', () => {
  const range = { first_sector: 80, last_sector: 80 };

  test('a bad sector cannot be read, and what touches it cannot; those beside it can', async () => {
    const asked = { scsi: disk.scsi, effect: 'error', direction: 'read', ...range };
    await withFault(bed.machine, 'storage', asked, async (fault) => {
      assert.deepEqual(await disk.reads(72, 73, 80, 81, 88), [true, false, false, true, true]);
      const { effects, lines } = await fault.status();
      assert.deepEqual({ effects, last: lines.last_sector_touched }, { effects: 2, last: '80' });
    });
  });

  test('the kernel tells of a medium error', async () => {
    // One that no other test reads. The kernel does not tell of each, where there were many just before.
    const asked = { scsi: disk.scsi, effect: 'error', first_sector: 4_000, last_sector: 4_007 };
    await withFault(bed.machine, 'storage', asked, async () => {
      await bed.machine.demand(`
        until dmesg | grep -q 'critical medium error, dev ${disk.name}, sector 4000'; do
          dd if=${disk.path} of=/dev/null bs=4096 skip=500 count=1 iflag=direct 2> /dev/null; sleep 1
        done`);
    });
  });

  test('a bad sector cannot be written either', async () => {
    const asked = { scsi: disk.scsi, effect: 'error', direction: 'write', ...range };
    await withFault(bed.machine, 'storage', asked, async () => {
      assert.deepEqual(await disk.writes(72, 80, 88), [true, false, true]);
      assert.deepEqual(await disk.reads(80), [true]);
    });
  });

  test('a read-only sector can be read and not written, and keeps what it has', async () => {
    const content = Buffer.alloc(65_536, 0x77);
    await disk.fill(content);
    await withFault(bed.machine, 'storage', { scsi: disk.scsi, effect: 'read_only', ...range }, async () => {
      assert.deepEqual(await disk.writes(80), [false]);
      assert.deepEqual(await disk.reads(80), [true]);
    });
    assert.deepEqual(await disk.content(content.length), content);
  });

  test('the range is the disk’s own: the same sectors of its neighbour are not touched', async () => {
    await withFault(bed.machine, 'storage', { scsi: disk.scsi, effect: 'error', ...range }, async (fault) => {
      assert.deepEqual([await neighbour.reads(80), await neighbour.writes(80)], [[true], [true]]);
      assert.equal((await fault.status()).seen, 0);
      assert.deepEqual(await disk.reads(80), [false]);
    });
  });
});
