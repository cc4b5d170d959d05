import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bitsThatDiffer } from './bits-that-differ.ts';
import { GuestDisk } from './guest-disk.ts';
import { GuestLink } from './guest-link.ts';
import { withFault } from './kernel-fault.ts';
import { MachineBed } from './machine-bed.ts';

/** One boot, and every injector of the kernel once: what `npm test` has of the kernel. The rest is `npm run test:kernels`. */
let bed: MachineBed;
let disk: GuestDisk;
let neighbour: GuestDisk;
let link: GuestLink;

before(async () => {
  bed = await MachineBed.start();
  disk = await GuestDisk.find(bed.machine, 'sda');
  neighbour = await GuestDisk.find(bed.machine, 'sdb');
  link = await GuestLink.make(bed.machine);
});

after(async () => {
  await link.remove();
  await bed.end();
});

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

test('an interface that is cut lets nothing out, and everything again afterwards', async () => {
  await withFault(bed.machine, 'net', { device: link.device, effect: 'drop' }, async () => {
    assert.equal(await link.datagrams(5_999, 5), 0);
  });
  assert.equal(await link.datagrams(5_999, 5), 5);
});

test('an interface that is cut lets nothing in', async () => {
  const asked = { device: link.device, effect: 'drop', direction: 'in' };
  await withFault(bed.machine, 'net', asked, async () => {
    assert.equal((await link.ping({ count: 3 })).received, 0);
  });
});

test('a frame that is delayed comes as late as asked', async () => {
  await withFault(
    bed.machine,
    'net',
    { device: link.device, effect: 'delay', delay_us: 50_000 },
    async () => {
      const { received, roundTripsMs } = await link.ping({ count: 3 });
      assert.equal(received, 3);
      assert.ok(Math.min(...roundTripsMs) >= 50);
    },
  );
});

test('a frame that is corrupted on the wire is thrown away', async () => {
  await withFault(bed.machine, 'net', { device: link.device, effect: 'corrupt' }, async (fault) => {
    assert.equal(await link.datagrams(5_999, 5), 0);
    assert.equal(await fault.count('bits_flipped'), 5);
  });
});

test('a frame that is duplicated comes twice', async () => {
  const asked = { device: link.device, effect: 'duplicate', protocol: 'udp' };
  await withFault(bed.machine, 'net', asked, async () => {
    assert.equal(await link.datagrams(5_999, 5), 10);
  });
});

test('a frame that is reordered is overtaken by as many as asked', async () => {
  const asked = { device: link.device, effect: 'reorder', gap: 2, mode: 'one_in 5', hold_us: 10_000_000 };
  await withFault(bed.machine, 'net', asked, async () => {
    assert.deepEqual((await link.ping({ count: 5, intervalMs: 50 })).order, [2, 3, 1, 4, 5]);
  });
});

test('a hog burns much of the processor that it was told to, and is gone afterwards', async () => {
  const hog = "grep -lx 'ordeal_hog/0' /proc/[0-9]*/comm";
  await withFault(bed.machine, 'cpu', { effect: 'hog', cpus: '0', hog_percent: 70 }, async () => {
    // By the scheduler's own account, in nanoseconds: what it ran for, of so much time.
    const said = await bed.machine.demand(`
      stat=$(${hog} | sed 's/comm$/schedstat/')
      look() { echo "$(cut -d' ' -f1 "$stat") $(cut -d' ' -f1 /proc/uptime)"; }
      look; sleep 3; look`);
    const [before, after] = said.split('\n').map((line) => line.split(' ').map(Number));
    assert.ok(before && after);
    const [ran = 0, seconds = 0] = after.map((now, index) => now - (before[index] ?? 0));
    assert.ok(ran / 1e9 / seconds > 0.35, `${ran} ns of ${seconds} s`);
  });
  assert.notEqual((await bed.machine.run(hog)).code, 0);
});
