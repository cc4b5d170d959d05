import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { bitsThatDiffer } from './bits-that-differ.ts';
import { GuestDisk } from './guest-disk.ts';
import { withFault } from './kernel-fault.ts';
import { MachineBed } from './machine-bed.ts';

/** A driver that is busy every other time that it is given a command, which so comes again: what it did not take has not been touched. */
let bed: MachineBed;
let disk: GuestDisk;

const tracing = '/sys/kernel/tracing';
const event = 'scsi_dispatch_cmd_error';

const chunk = 65_536;
const content = Buffer.from(Array.from({ length: 16 * chunk }, (_, at) => (at * 37 + (at >> 8)) & 0xff));

before(async () => {
  bed = await MachineBed.start();
  const [busy] = await GuestDisk.ofScsiDebug(bed.machine, 'every_nth=2 opts=0x8000 statistics=1', 1);
  assert.ok(busy);
  disk = busy;
  await bed.machine.demand(`
    [ -e ${tracing}/trace ] || mount -t tracefs tracefs ${tracing} || exit
    echo 1 > ${tracing}/events/scsi/${event}/enable`);
  await disk.fill(content);
});

after(async () => {
  await bed.machine.demand(`echo 0 > ${tracing}/events/scsi/${event}/enable`);
  await bed.end();
});

/** How often the block layer has been told that the driver is busy. */
async function timesBusy(): Promise<number> {
  return Number(await bed.machine.demand(`grep -c '${event}:' ${tracing}/trace || true`));
}

const sectors = Array.from({ length: 10 }, (_, index) => index * 8);
const allDone = sectors.map(() => true);

test('without a fault, what it was too busy for comes again', async () => {
  assert.deepEqual(await disk.reads(...sectors), allDone);
  assert.ok((await timesBusy()) > 0);
});

test('a held command is offered until it is taken, and held and counted once', async () => {
  const asked = { scsi: disk.scsi, effect: 'delay', delay_us: 20_000 };
  await withFault(bed.machine, 'storage', asked, async (fault) => {
    assert.deepEqual(await disk.reads(...sectors), allDone);
    assert.deepEqual(await disk.writes(2048, 2056), [true, true]);
    const { seen, effects, lines } = await fault.status();
    assert.deepEqual([seen, effects, lines.sent, lines.requeued, lines.held], [12, 12, '12', '0', '0']);
    assert.ok(Number(lines.retried) > 0);
  });
});

test('what is held when the fault ends is not lost', async () => {
  const asked = { scsi: disk.scsi, effect: 'delay', delay_us: 14_000_000 };
  await withFault(bed.machine, 'storage', asked, async (fault) => {
    await disk.readsMeanwhile(0);
    await fault.tells('held', '1');
    await fault.disarm();
    assert.equal(await disk.readMeanwhile(), true);
  });
});

test('each write is corrupted once, in as many bits as asked, and counted once', async () => {
  const asked = { scsi: disk.scsi, effect: 'corrupt', direction: 'write', bits: 3 };
  await withFault(bed.machine, 'storage', asked, async (fault) => {
    const earlier = await timesBusy();
    await disk.fill(content);
    assert.ok((await timesBusy()) > earlier);
    const { seen, effects, lines } = await fault.status();
    assert.deepEqual([seen, effects, lines.bits_flipped], [16, 16, String(16 * 3)]);
  });
  const written = await disk.content(content.length);
  const differ = writesOf(content).map((part, index) =>
    bitsThatDiffer(part, writesOf(written)[index] ?? part),
  );
  assert.deepEqual(differ, Array<number>(16).fill(3));
  await disk.fill(content);
});

test('of writes, one in two is the first of every two', async () => {
  const asked = { scsi: disk.scsi, effect: 'corrupt', direction: 'write', mode: 'one_in 2' };
  await withFault(bed.machine, 'storage', asked, async () => await disk.fill(content));
  const written = await disk.content(content.length);
  const differ = writesOf(content).map((part, index) =>
    bitsThatDiffer(part, writesOf(written)[index] ?? part),
  );
  assert.deepEqual(
    differ,
    differ.map((_, index) => (index % 2 === 0 ? 1 : 0)),
  );
  await disk.fill(content);
});

test('each read is corrupted once and counted once, and the disk has what it had', async () => {
  const asked = { scsi: disk.scsi, effect: 'corrupt', direction: 'read', bits: 3 };
  await withFault(bed.machine, 'storage', asked, async (fault) => {
    assert.equal(bitsThatDiffer(content, await disk.content(content.length)), 16 * 3);
    assert.equal((await fault.status()).effects, 16);
  });
  assert.deepEqual(await disk.content(content.length), content);
});

test('an unavailable disk is not asked, and so is not busy', async () => {
  await withFault(bed.machine, 'storage', { scsi: disk.scsi, effect: 'unavailable' }, async (fault) => {
    const earlier = await timesBusy();
    assert.deepEqual(
      await disk.reads(...sectors),
      allDone.map(() => false),
    );
    assert.equal((await fault.status()).effects, sectors.length);
    assert.equal(await timesBusy(), earlier);
  });
});

/** The bytes of each write of `fill`. */
function writesOf(bytes: Buffer): Buffer[] {
  return Array.from({ length: bytes.length / chunk }, (_, index) =>
    bytes.subarray(index * chunk, (index + 1) * chunk),
  );
}
