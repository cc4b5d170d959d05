import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { bitsThatDiffer, positionsThatDiffer } from './bits-that-differ.ts';
import { GuestDisk } from './guest-disk.ts';
import { withFault } from './kernel-fault.ts';
import { MachineBed } from './machine-bed.ts';

let bed: MachineBed;
let disk: GuestDisk;
let neighbour: GuestDisk;

/** One command of dd: what is asked for by the command is asked for this. */
const content = Buffer.from(Array.from({ length: 65_536 }, (_, at) => (at * 31 + (at >> 8)) & 0xff));

before(async () => {
  bed = await MachineBed.start();
  disk = await GuestDisk.find(bed.machine, 'sda');
  neighbour = await GuestDisk.find(bed.machine, 'sdb');
  for (const one of [disk, neighbour]) await one.fill(content);
});

after(async () => await bed.end());

describe('reads', () => {
  for (const [what, name] of Object.entries({ SCSI: 'sda', 'virtio-blk': 'vde', NVMe: 'nvme0n1' })) {
    test(`of ${what}: as many bits as asked are flipped, within the range, and nothing on the disk`, async () => {
      const read = await GuestDisk.find(bed.machine, name);
      await read.fill(content);
      const asked = { disk: read.number, effect: 'corrupt', direction: 'read', bits: 5 };
      await withFault(
        bed.machine,
        'storage',
        { ...asked, first_sector: 16, last_sector: 17 },
        async (fault) => {
          const corrupted = await read.content(content.length);
          assert.equal(bitsThatDiffer(content, corrupted), 5);
          const positions = positionsThatDiffer(content, corrupted);
          assert.ok(
            positions.every((at) => at >= 16 * 512 && at < 18 * 512),
            positions.join(' '),
          );
          const { effects, lines } = await fault.status();
          assert.deepEqual({ effects, flipped: lines.bits_flipped }, { effects: 1, flipped: '5' });
        },
      );
      assert.deepEqual(await read.content(content.length), content);
    });
  }

  test('of a disk by its SCSI address, too, and of its neighbour none', async () => {
    const asked = { scsi: disk.scsi, effect: 'corrupt', direction: 'read' };
    await withFault(bed.machine, 'storage', asked, async () => {
      assert.equal(bitsThatDiffer(content, await disk.content(content.length)), 1);
      assert.deepEqual(await neighbour.content(content.length), content);
    });
  });

  test('of a whole host: all its disks', async () => {
    const asked = { scsi: disk.host, effect: 'corrupt', direction: 'read' };
    await withFault(bed.machine, 'storage', asked, async () => {
      for (const one of [disk, neighbour])
        assert.equal(bitsThatDiffer(content, await one.content(content.length)), 1);
    });
  });

  test('the same seed flips the same bits, another others', async () => {
    const corrupted = async (seed: number): Promise<Buffer> =>
      await withFault(
        bed.machine,
        'storage',
        { disk: disk.number, effect: 'corrupt', direction: 'read', bits: 3, seed },
        async () => await disk.content(content.length),
      );
    const first = await corrupted(1);
    assert.deepEqual(await corrupted(1), first);
    assert.notDeepEqual(await corrupted(2), first);
  });

  test('corrupted pages do not stay in the page cache when the fault is over', async () => {
    const asked = { disk: disk.number, effect: 'corrupt', direction: 'read', bits: 64 };
    await bed.machine.demand(`blockdev --flushbufs ${disk.path}`);
    await withFault(bed.machine, 'storage', asked, async (fault) => {
      // Held open: the last to close a disk drops its cache as well.
      await bed.machine.demand(`sleep 600 < ${disk.path} > /dev/null 2>&1 & echo $! > /run/holder`);
      assert.notDeepEqual(await disk.content(content.length, 'the page cache'), content);
      const once = await fault.status();
      assert.notDeepEqual(await disk.content(content.length, 'the page cache'), content);
      assert.equal((await fault.status()).effects, once.effects, 'the second came from the cache');
      await fault.disarm();
      assert.ok((await fault.count('pages_dropped')) > 0);
      assert.equal(await fault.count('pages_kept'), 0);
      assert.deepEqual(await disk.content(content.length, 'the page cache'), content);
      await bed.machine.demand('kill $(cat /run/holder)');
    });
  });
});

describe('writes', () => {
  const asked = (): Record<string, string | number> => ({
    scsi: disk.scsi,
    effect: 'corrupt',
    direction: 'write',
  });

  test('as many bits as asked are flipped on the disk, within the range', async () => {
    const range = { first_sector: 100, last_sector: 100, bits: 7 };
    await withFault(bed.machine, 'storage', { ...asked(), ...range }, async (fault) => {
      await disk.fill(content);
      const { effects, lines } = await fault.status();
      assert.deepEqual([effects, lines.bits_flipped, lines.missed], [1, '7', '0']);
    });
    const written = await disk.content(content.length);
    assert.equal(bitsThatDiffer(content, written), 7);
    assert.ok(positionsThatDiffer(content, written).every((at) => at >= 100 * 512 && at < 101 * 512));
  });

  test('the neighbour is written as it should be', async () => {
    await withFault(bed.machine, 'storage', asked(), async (fault) => {
      await neighbour.fill(content);
      assert.equal((await fault.status()).seen, 0);
      await disk.fill(content);
      assert.equal((await fault.status()).effects, 1);
    });
    assert.deepEqual(await neighbour.content(content.length), content);
  });

  test('what is in memory is not touched: the page cache has what was written, the disk has not', async () => {
    await bed.machine.writeFile('/run/content', content);
    await withFault(bed.machine, 'storage', asked(), async () => {
      const cached = await bed.machine.demand(`
        exec 3< ${disk.path}
        dd if=/run/content of=${disk.path} bs=64k conv=fsync,notrunc status=none
        dd if=${disk.path} bs=64k count=1 status=none | base64 --wrap=0`);
      assert.deepEqual(Buffer.from(cached, 'base64'), content);
    });
    assert.ok(bitsThatDiffer(content, await disk.content(content.length)) > 0);
    await disk.fill(content);
  });

  test('of reads and writes, both are corrupted', async () => {
    await withFault(bed.machine, 'storage', { ...asked(), direction: 'both' }, async (fault) => {
      await disk.fill(content);
      await disk.content(content.length);
      assert.equal((await fault.status()).effects, 2);
    });
    await disk.fill(content);
    assert.deepEqual(await disk.content(content.length), content);
  });

  test('two faults of one disk corrupt one command both', async () => {
    await withFault(bed.machine, 'storage', { ...asked(), first_sector: 0, last_sector: 0 }, async () => {
      await withFault(bed.machine, 'storage', { ...asked(), first_sector: 1, last_sector: 1 }, async () => {
        await disk.fill(content);
      });
    });
    assert.equal(bitsThatDiffer(content, await disk.content(content.length)), 2);
  });
});
