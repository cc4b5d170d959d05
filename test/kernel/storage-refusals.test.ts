import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { GuestDisk } from './guest-disk.ts';
import { KernelFault, withFault } from './kernel-fault.ts';
import { MachineBed } from './machine-bed.ts';

/** For printf: the four entries of a partition table and its signature, with one entry, of 16 MiB from the first MiB on. */
const onePartition = `${String.raw`\0\0\0\0\203\0\0\0\0\010\0\0\0\200\0\0`}${String.raw`\0`.repeat(48)}${String.raw`\125\252`}`;

let bed: MachineBed;
let disk: GuestDisk;

before(async () => {
  bed = await MachineBed.start();
  disk = await GuestDisk.find(bed.machine, 'sda');
});

after(async () => await bed.end());

async function newFault(attributes: Record<string, string | number> = {}): Promise<KernelFault> {
  return await KernelFault.make(bed.machine, 'storage', attributes);
}

describe('a wrong value has one message', () => {
  const most = '18446744073709551615';
  const wrong: readonly (readonly [string, string, string])[] = [
    ['scsi', '0:0:0', 'scsi: "0:0:0" is neither host:channel:id:lun nor the number of a host'],
    ['scsi', '-1:0:0:0', 'scsi: "-1:0:0:0" is neither host:channel:id:lun nor the number of a host'],
    ['scsi', 'sda', 'scsi: "sda" is neither host:channel:id:lun nor the number of a host'],
    ['disk', 'sda', 'disk: "sda" is not major:minor of a disk'],
    ['disk', '8:0:1', 'disk: "8:0:1" is not major:minor of a disk'],
    ['effect', 'broken', 'effect: "broken" is none of: none unavailable delay corrupt error read_only'],
    ['direction', 'out', 'direction: "out" is none of: both read write'],
    ['first_sector', '-1', `first_sector: "-1" is not a whole number from 0 to ${most}`],
    ['last_sector', '1.5', `last_sector: "1.5" is not a whole number from 0 to ${most}`],
    ['delay_us', '0', 'delay_us: "0" is not a whole number from 1 to 600000000'],
    ['delay_us', '600000001', 'delay_us: "600000001" is not a whole number from 1 to 600000000'],
    ['jitter_us', '600000001', 'jitter_us: "600000001" is not a whole number from 0 to 600000000'],
    ['provoke_timeout', '2', 'provoke_timeout: "2" is not a whole number from 0 to 1'],
    ['pass_error_handling', 'yes', 'pass_error_handling: "yes" is not a whole number from 0 to 1'],
    ['held_limit', '0', 'held_limit: "0" is not a whole number from 1 to 65536'],
    ['bits', '65', 'bits: "65" is not a whole number from 1 to 64'],
    ['mode', 'share 1000000001', 'mode: the share: "1000000001" is not a whole number from 0 to 1000000000'],
    ['arm', '2', 'arm: "2" is not a whole number from 0 to 1'],
  ];
  for (const [name, value, message] of wrong) {
    test(`${name} ${value}`, async () => {
      const fault = await newFault();
      assert.equal(await fault.refusalOf({ [name]: value }), message);
      assert.equal((await fault.status()).phase, 'idle');
      await fault.remove();
    });
  }
});

describe('what does not go together is refused when it is armed, and nothing is armed', () => {
  const scsi = (): string => disk.scsi;
  const wrong: readonly (readonly [string, () => Record<string, string | number>, () => string])[] = [
    [
      'no effect',
      () => ({ scsi: scsi() }),
      () => 'effect: is not given; it is one of: unavailable delay corrupt error read_only',
    ],
    ['no target', () => ({ effect: 'unavailable' }), () => 'scsi, disk: neither is given; give exactly one'],
    [
      'two targets',
      () => ({ scsi: scsi(), disk: disk.number, effect: 'unavailable' }),
      () => 'scsi, disk: both are given; give exactly one',
    ],
    [
      'an effect that a disk of any driver does not have',
      () => ({ disk: disk.number, effect: 'delay', delay_us: 1 }),
      () => 'disk: serves the effect corrupt in the direction read only; found delay, both; give scsi',
    ],
    [
      'a range that ends before it begins',
      () => ({ scsi: scsi(), effect: 'error', first_sector: 9, last_sector: 8 }),
      () => 'first_sector: 9 is after last_sector, 8',
    ],
    [
      'read_only of reads',
      () => ({ scsi: scsi(), effect: 'read_only', direction: 'read' }),
      () => 'direction: read_only is about writes; found read, allowed are write and both',
    ],
    [
      'a delay of no time',
      () => ({ scsi: scsi(), effect: 'delay' }),
      () => 'delay_us: is not given; the effect delay needs it',
    ],
    [
      'more jitter than delay',
      () => ({ scsi: scsi(), effect: 'delay', delay_us: 5, jitter_us: 6 }),
      () => 'jitter_us: 6 is more than delay_us, 5',
    ],
    [
      'a delay that comes near the timeout of a request',
      () => ({ scsi: scsi(), effect: 'delay', delay_us: 15_000_000, jitter_us: 1 }),
      () =>
        `delay_us: 15000000 and jitter_us, 1, are more than 15000000, half the timeout of a request of ${scsi()}; to provoke timeouts write 1 to provoke_timeout`,
    ],
    [
      'a host that is not there',
      () => ({ scsi: '99', effect: 'unavailable' }),
      () => 'scsi: there is no host 99',
    ],
    [
      'a device that is not there',
      () => ({ scsi: `${disk.host}:0:99:0`, effect: 'unavailable' }),
      () => `scsi: there is no device ${disk.host}:0:99:0`,
    ],
    [
      'a disk that is not there',
      () => ({ disk: '8:4080', effect: 'corrupt', direction: 'read' }),
      () => 'disk: 8:4080 cannot be opened, error 6',
    ],
  ];
  for (const [what, attributes, message] of wrong) {
    test(what, async () => {
      const fault = await newFault(attributes());
      assert.equal(await fault.refusalToArm(), message());
      assert.equal((await fault.status()).phase, 'idle');
      assert.deepEqual(await disk.reads(0, 8), [true, true]);
      await fault.remove();
    });
  }

  test('a partition', async () => {
    const { machine } = bed;
    await machine.demand(`printf '${onePartition}' | dd of=${disk.path} bs=1 seek=446 conv=fsync
      blockdev --rereadpt ${disk.path}`);
    const partition = await machine.demand(`cat /sys/block/${disk.name}/${disk.name}1/dev`);
    const fault = await newFault({ disk: partition.trim(), effect: 'corrupt', direction: 'read' });
    assert.equal(
      await fault.refusalToArm(),
      `disk: ${partition.trim()} is a partition of ${disk.number}; give the disk and a range of sectors`,
    );
    await fault.remove();
    await machine.demand(`dd if=/dev/zero of=${disk.path} bs=512 count=1 conv=fsync
      blockdev --rereadpt ${disk.path}`);
  });

  test('a disk that has no requests of its own', async () => {
    const { machine } = bed;
    await machine.demand('modprobe brd rd_nr=1 rd_size=1024');
    const number = (await machine.demand('cat /sys/block/ram0/dev')).trim();
    const fault = await newFault({ disk: number, effect: 'corrupt', direction: 'read' });
    assert.equal(
      await fault.refusalToArm(),
      `disk: ${number} has no requests of its own; give the disk below it`,
    );
    await fault.remove();
    await machine.demand('rmmod brd');
  });
});

test('an attribute reads as it was written', async () => {
  const written = {
    ...{ scsi: disk.scsi, effect: 'delay', direction: 'write', first_sector: '8', last_sector: '15' },
    ...{
      delay_us: '2000',
      jitter_us: '100',
      provoke_timeout: '1',
      pass_error_handling: '1',
      held_limit: '7',
    },
    ...{ bits: '2', seed: '42', mode: 'burst 1000 2000' },
  };
  const fault = await newFault(written);
  const names = Object.keys(written);
  const read = await bed.machine.demand(`cd ${fault.directory} && cat ${names.join(' ')}`);
  assert.deepEqual(read.trim().split('\n'), Object.values(written));
  await fault.remove();
});

test('while it is armed, nothing of it can be changed', async () => {
  await withFault(bed.machine, 'storage', { scsi: disk.scsi, effect: 'unavailable' }, async (fault) => {
    assert.equal(
      await fault.refusalOf({ effect: 'delay' }),
      'effect: cannot be changed while the fault is armed; write 0 to arm first',
    );
    assert.equal(
      await fault.refusalToArm(),
      'deadline_ns: cannot be changed while the fault is armed; write 0 to arm first',
    );
    assert.deepEqual(await disk.reads(0), [false]);
  });
});
