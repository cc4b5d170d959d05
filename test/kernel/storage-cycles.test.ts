import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { armAgainAndAgain } from './arming-cycles.ts';
import { GuestDisk } from './guest-disk.ts';
import { holdingsOf, leaks } from './kernel-holdings.ts';
import { cpusWhileTracing } from './kernel-under-test.ts';
import { MachineBed } from './machine-bed.ts';

/** Arming and disarming, again and again, while disks are read and written. The bed looks at what the kernel has said in the end. */
let bed: MachineBed;
/** Of a real driver, and of one that answers before it returns. */
let victims: GuestDisk[];
let neighbour: GuestDisk;

before(async () => {
  bed = await MachineBed.start({ cpus: cpusWhileTracing() });
  const disk = await GuestDisk.find(bed.machine, 'sda');
  neighbour = await GuestDisk.find(bed.machine, 'sdb');
  const [debug = disk] = await GuestDisk.ofScsiDebug(bed.machine);
  victims = [disk, debug];
});

after(async () => await bed.end());

const cycles = 1_000;
const effects = [
  { effect: 'unavailable' },
  { effect: 'error' },
  { effect: 'read_only', direction: 'both' },
  { effect: 'delay', delay_us: 3_000, jitter_us: 2_000 },
  { effect: 'delay', delay_us: 9_000_000 },
  { effect: 'corrupt', direction: 'read', bits: 3 },
  { effect: 'corrupt', direction: 'write', bits: 64 },
];

/** EIO, EREMOTEIO, ENODATA, ENOLINK, EILSEQ: all that a fault of a disk is told as. */
const whateverFails = '--continue_on_error=all --ignore_error=5:121:61:67:84,5:121:61:67:84';

/** Reads and writes all the time. */
async function load(disk: GuestDisk, options: string): Promise<void> {
  await bed.machine.demand(`
    fio --name=load --filename=${disk.path} --size=8M --rw=randrw --bs=4k --ioengine=libaio --direct=1 --time_based --runtime=36000 \
      --output=/run/fio-${disk.name}.log ${options} < /dev/null > /dev/null 2>&1 &
    echo $! > /run/fio-${disk.name}.pid`);
}

/** Says what it has to say of its errors. */
async function unload(disk: GuestDisk): Promise<string> {
  return await bed.machine.demand(`
    pid=$(cat /run/fio-${disk.name}.pid)
    kill -INT $pid || exit
    while [ -e /proc/$pid ]; do sleep 0.1; done
    cat /run/fio-${disk.name}.log`);
}

test(`${cycles} random faults under load leave the kernel as it was`, async () => {
  for (const disk of victims) await load(disk, `--iodepth=8 --rate_iops=300 ${whateverFails}`);
  await load(neighbour, '--iodepth=1 --rate_iops=50 --verify=crc32c --verify_fatal=1');
  const asked = {
    effects,
    others: { scsi: [...victims.map(({ scsi }) => scsi), victims[1]?.host ?? ''], first_sector: [0, 800] },
    counterFiles: victims.map(({ name }) => `/sys/block/${name}/stat`),
  };
  // Whatever is allocated once and for all is there when the counting begins.
  await armAgainAndAgain(bed.machine, 'storage', { ...asked, cycles: 40, seed: 1 });
  const before = await holdingsOf(bed.machine, 'storage');

  const done = await armAgainAndAgain(bed.machine, 'storage', { ...asked, cycles, seed: 4 });

  assert.deepEqual(done, { armed: cycles, untouched: [], standstill: [] });
  assert.deepEqual(leaks(before, await holdingsOf(bed.machine, 'storage'), cycles), []);
  for (const disk of victims) assert.match(await unload(disk), /read: IOPS=/);
  // What was written there was read as it was written, with no error.
  assert.match(await unload(neighbour), /err= ?0/);
  for (const disk of victims) assert.deepEqual(await disk.reads(0, 800), [true, true]);
});
