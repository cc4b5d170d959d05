import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { GuestDisk } from './guest-disk.ts';
import { KernelFault, withFault } from './kernel-fault.ts';
import { MachineBed } from './machine-bed.ts';

let bed: MachineBed;
let disk: GuestDisk;
let neighbour: GuestDisk;
/** Of scsi_debug, which answers each command before it returns: what comes out in order went in, in order. */
let debug: GuestDisk;

const clock = `sed -n 's/^boottime_ns: //p' /sys/kernel/config/ordeal/clocks`;

before(async () => {
  bed = await MachineBed.start();
  disk = await GuestDisk.find(bed.machine, 'sda');
  neighbour = await GuestDisk.find(bed.machine, 'sdb');
  [debug = neighbour] = await GuestDisk.ofScsiDebug(bed.machine);
});

after(async () => await bed.end());

/** What one read of 4 KiB takes, by the clock of the machine. */
async function readTakesMs(read: GuestDisk, sector = 0): Promise<number> {
  const said = await bed.machine.demand(`
    before=$(${clock})
    dd if=${read.path} of=/dev/null bs=4096 count=1 iflag=direct,skip_bytes skip=$((${sector} * 512)) status=none || exit
    echo $(($(${clock}) - before))`);
  return Number(said) / 1e6;
}

describe('dose', () => {
  test('each command is held for as long as asked, by the kernel’s stamps and by its user’s clock', async () => {
    const asked = { scsi: disk.scsi, effect: 'delay', delay_us: 200_000 };
    await withFault(bed.machine, 'storage', asked, async (fault) => {
      for (let time = 0; time < 5; time++) assert.ok((await readTakesMs(disk)) >= 200);
      const { effects, lines } = await fault.status();
      assert.deepEqual([effects, lines.sent, lines.held, lines.overflowed], [5, '5', '0', '0']);
      assert.ok(Number(lines.delayed_sum_ns) >= 5 * 200_000_000);
      assert.equal(lines.capped, '0');
    });
  });

  test('jitter is to both sides of the delay', async () => {
    const asked = { scsi: debug.scsi, effect: 'delay', delay_us: 1_000_000, jitter_us: 1_000_000, seed: 5 };
    await withFault(bed.machine, 'storage', asked, async (fault) => {
      const took: number[] = [];
      for (let time = 0; time < 8; time++) {
        const before = await fault.count('delayed_sum_ns');
        await debug.reads(0);
        took.push(((await fault.count('delayed_sum_ns')) - before) / 1e6);
      }
      assert.ok(Math.min(...took) < 1000, `the shortest is ${Math.min(...took)} ms`);
      assert.ok(Math.max(...took) > 1000, `the longest is ${Math.max(...took)} ms`);
    });
  });

  test('beyond the limit of what is held, commands go past and are counted', async () => {
    const asked = { scsi: debug.scsi, effect: 'delay', delay_us: 14_000_000, held_limit: 1 };
    await withFault(bed.machine, 'storage', asked, async (fault) => {
      await debug.readsMeanwhile(0);
      await fault.tells('held', '1');
      assert.deepEqual(await debug.reads(8, 16, 24), [true, true, true]);
      const { lines } = await fault.status();
      assert.deepEqual([lines.held, lines.held_most, lines.overflowed], ['1', '1', '3']);
    });
  });
});

describe('scope', () => {
  test('the neighbour’s commands are not held', async () => {
    const asked = { scsi: disk.scsi, effect: 'delay', delay_us: 50_000 };
    await withFault(bed.machine, 'storage', asked, async (fault) => {
      assert.deepEqual(await neighbour.reads(0, 8, 16), [true, true, true]);
      assert.equal((await fault.status()).seen, 0);
      await disk.reads(0);
      assert.equal((await fault.status()).effects, 1);
    });
  });

  test('only the range is slow', async () => {
    const asked = { scsi: disk.scsi, effect: 'delay', delay_us: 200_000, first_sector: 8, last_sector: 15 };
    await withFault(bed.machine, 'storage', asked, async (fault) => {
      await disk.reads(0, 16);
      assert.equal((await fault.status()).effects, 0);
      assert.ok((await readTakesMs(disk, 8)) >= 200);
    });
  });

  test('only the direction is slow', async () => {
    const asked = { scsi: disk.scsi, effect: 'delay', delay_us: 50_000, direction: 'write' };
    await withFault(bed.machine, 'storage', asked, async (fault) => {
      await disk.reads(0);
      assert.equal((await fault.status()).effects, 0);
      await disk.writes(0);
      assert.equal((await fault.status()).effects, 1);
    });
  });
});

describe('the end', () => {
  test('what is held at the deadline goes out at once, in order, and none is lost', async () => {
    // Longer than the deadline is away, however slow the machine.
    await debug.allowsRequests({ seconds: 3_000 });
    const fault = await KernelFault.make(bed.machine, 'storage', {
      ...{ scsi: debug.scsi, effect: 'delay', delay_us: 600_000_000, direction: 'read' },
    });
    const events = '/sys/kernel/tracing/events/block';
    await bed.machine.demand(`
      for event in block_rq_issue block_rq_complete; do
        echo 'dev == ${devNumber(debug)}' > ${events}/$event/filter; echo 1 > ${events}/$event/enable
      done`);
    await fault.arm({ forMs: bed.machine.patienceMs(4000) });
    const said = await bed.machine.demand(`
      held=0
      for at in 40 16 72 8 64 0 56 32 24 48; do
        dd if=${debug.path} of=/dev/null bs=512 count=1 skip=$at iflag=direct status=none || echo failed at $at &
        held=$((held + 1))
        until grep -qx "held: $held" ${fault.directory}/status; do sleep 0.02; done
      done; wait`);
    assert.equal(said, '');
    const { closedNs = 0n, lastEffectNs = 0n, effects, lines } = await fault.ended();
    const trace = await bed.machine.demand(`
      for event in block_rq_issue block_rq_complete; do echo 0 > ${events}/$event/enable; done
      cat /sys/kernel/tracing/trace`);
    const order = (event: string): string[] =>
      [...trace.matchAll(new RegExp(`${event}: \\S+ R\\S* .*?\\(\\) (\\d+) \\+`, 'g'))].map(
        ([, at = '']) => at,
      );
    assert.equal(effects, 10);
    assert.equal(order('block_rq_issue').length, 10);
    assert.deepEqual(order('block_rq_complete'), order('block_rq_issue'));
    assert.deepEqual([lines.held, lines.held_most, lines.sent, lines.timed_out], ['0', '10', '10', '0']);
    assert.ok(lastEffectNs <= closedNs);
    assert.ok(BigInt(lines.drained_ns ?? 0) >= closedNs);
    await fault.remove();
  });

  test('a load that never stops loses nothing when delays come and go', async () => {
    const load = `fio --name=load --filename=${disk.path} --size=8M --rw=randrw --bs=4k --ioengine=libaio --iodepth=16 \
      --direct=1 --verify=crc32c --verify_fatal=1 --time_based --runtime=6000 --output=/run/fio.log`;
    await bed.machine.demand(`${load} < /dev/null > /dev/null 2>&1 & echo $! > /run/fio.pid`);
    for (let time = 0; time < 5; time++) {
      const asked = { scsi: disk.scsi, effect: 'delay', delay_us: 100_000, jitter_us: 90_000, seed: time };
      await withFault(bed.machine, 'storage', asked, async (fault) => {
        await bed.machine.demand(
          `until [ "$(sed -n 's/^held_most: //p' ${fault.directory}/status)" -gt 4 ]; do sleep 0.1; done`,
        );
        await fault.disarm();
        assert.equal(await fault.count('held'), 0);
      });
    }
    await bed.machine.demand(
      'kill -INT $(cat /run/fio.pid) && while [ -e /proc/$(cat /run/fio.pid) ]; do sleep 0.1; done',
    );
    assert.match(await bed.machine.demand('cat /run/fio.log'), /err= ?0/);
  });
});

/** As the filters of the kernel's events have it. */
function devNumber({ number }: GuestDisk): string {
  const [major, minor] = number.split(':').map(Number);
  return String((major ?? 0) * 2 ** 20 + (minor ?? 0));
}
