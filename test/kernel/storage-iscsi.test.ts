import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bitsThatDiffer } from './bits-that-differ.ts';
import { GuestDisk } from './guest-disk.ts';
import { GuestIscsi } from './guest-iscsi.ts';
import { KernelFault, withFault } from './kernel-fault.ts';
import { MachineBed } from './machine-bed.ts';

/** Faults of a disk that comes over a network: its SCSI host is a session of iSCSI. */
let bed: MachineBed;
let iscsi: GuestIscsi;
let disk: GuestDisk;
let neighbour: GuestDisk;

const content = Buffer.from(Array.from({ length: 65_536 }, (_, at) => (at * 29 + (at >> 8)) & 0xff));

before(async () => {
  bed = await MachineBed.start({ cpus: 2, extraPackages: GuestIscsi.packages });
  iscsi = await GuestIscsi.make(bed.machine);
  disk = await iscsi.login();
  neighbour = await GuestDisk.find(bed.machine, 'sda');
  for (const one of [disk, neighbour]) await one.fill(content);
});

after(async () => await bed.end());

/** What its user is told. */
async function saidOfARead(): Promise<string> {
  return (await bed.machine.run(`dd if=${disk.path} of=/dev/null bs=4096 count=1 iflag=direct`)).stderr;
}

test('unavailable: reads and writes are input/output errors, those of a local disk are not', async () => {
  await withFault(bed.machine, 'storage', { scsi: disk.scsi, effect: 'unavailable' }, async (fault) => {
    assert.match(await saidOfARead(), /Input\/output error/);
    assert.deepEqual(await disk.writes(0, 8), [false, false]);
    const { seen, effects } = await fault.status();
    assert.deepEqual({ seen, effects }, { seen: 3, effects: 3 });
    assert.deepEqual([await neighbour.reads(0), await neighbour.writes(1024)], [[true], [true]]);
  });
  assert.deepEqual(await disk.content(content.length), content);
});

test('delay: each command is held as long as asked, those of a local disk are not', async () => {
  const asked = { scsi: disk.scsi, effect: 'delay', delay_us: 300_000 };
  await withFault(bed.machine, 'storage', asked, async (fault) => {
    assert.deepEqual([await disk.reads(0, 8), await disk.writes(1024)], [[true, true], [true]]);
    await neighbour.reads(0);
    const { seen, lines } = await fault.status();
    assert.deepEqual([seen, lines.sent, lines.held, lines.requeued], [3, '3', '0', '0']);
    assert.ok(Number(lines.delayed_sum_ns) >= 3 * 300_000_000);
  });
});

test('corruption of reads: bits of what is read are flipped, and nothing on the disk', async () => {
  const asked = { scsi: disk.scsi, effect: 'corrupt', direction: 'read', bits: 5 };
  await withFault(bed.machine, 'storage', asked, async () => {
    assert.equal(bitsThatDiffer(content, await disk.content(content.length)), 5);
    assert.deepEqual(await neighbour.content(content.length), content);
  });
  assert.deepEqual(await disk.content(content.length), content);
});

test('corruption of writes: bits are flipped at the other end, and none of a local disk', async () => {
  const asked = { scsi: disk.scsi, effect: 'corrupt', direction: 'write', bits: 5 };
  await withFault(bed.machine, 'storage', asked, async (fault) => {
    await disk.fill(content);
    await neighbour.fill(content);
    assert.equal((await fault.status()).effects, 1);
  });
  assert.equal(bitsThatDiffer(content, await disk.content(content.length)), 5);
  assert.deepEqual(await neighbour.content(content.length), content);
  await disk.fill(content);
  assert.deepEqual(await disk.content(content.length), content);
});

test('when the session is logged out, the faults of its disk and of its host end and say why', async () => {
  const { machine } = bed;
  const ofDisk = await KernelFault.make(machine, 'storage', { scsi: disk.scsi, effect: 'unavailable' });
  const ofHost = await KernelFault.make(machine, 'storage', {
    scsi: disk.host,
    effect: 'delay',
    delay_us: 1,
  });
  for (const fault of [ofDisk, ofHost]) await fault.arm();
  assert.deepEqual(await disk.reads(0), [false]);
  await iscsi.logout();
  assert.deepEqual(
    [(await ofDisk.ended()).reason, (await ofHost.ended()).reason],
    ['the disk was removed', 'the last disk of the SCSI host was removed'],
  );
  assert.equal(await ofDisk.refusalToArm(), `scsi: there is no host ${disk.host}`);
  for (const fault of [ofDisk, ofHost]) await fault.remove();
  disk = await iscsi.login();
});

test('when the session is logged out with a read held, the read goes on first, and the fault ends', async () => {
  const asked = { scsi: disk.scsi, effect: 'delay', delay_us: 14_000_000 };
  const fault = await KernelFault.make(bed.machine, 'storage', asked);
  await fault.arm();
  await disk.readsMeanwhile(0);
  await fault.tells('held', '1');
  await iscsi.logout();
  const { reason, lines } = await fault.ended();
  assert.deepEqual([reason, lines.held, lines.unhooked], ['the disk was removed', '0', 'yes']);
  await disk.readMeanwhile();
  await fault.remove();
});
