import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { counted, tellOf, whole, type Told } from './injecting.ts';

/** Known bytes on every disk under test. */
const furniture = `
for disk in sda sdb nvme0n1; do
  seq 1 200000 | head -c 1048576 | dd of=/dev/$disk bs=64k oflag=direct iflag=fullblock 2>/dev/null
done`;

const read = (disk: string, sector = 0): string =>
  `dd if=/dev/${disk} of=/dev/null bs=512 count=1 skip=${sector} iflag=direct 2>/dev/null && echo read || echo failed`;
const write = (disk: string, sector: number): string =>
  `dd if=/dev/zero of=/dev/${disk} bs=512 count=1 seek=${sector} oflag=direct 2>/dev/null && echo written || echo refused`;
const readMs = (disk: string): string =>
  `a=$(date +%s%N); dd if=/dev/${disk} of=/dev/null bs=4k count=1 iflag=direct; b=$(date +%s%N); echo $(((b - a) / 1000000))`;
const sum = (disk: string): string => `dd if=/dev/${disk} bs=64k count=16 iflag=direct | md5sum`;

const sda = { kind: 'disk', name: 'sda' } as const;

const steps = {
  isAway: { mechanism: 'kernel-disk-unavailable', ...sda, look: `${read('sda')}; ${read('sdb')}` },
  hasABadSector: {
    mechanism: 'kernel-disk-error',
    ...sda,
    parameters: { sectors: '2048' },
    look: [2047, 2048, 2049].map((sector) => read('sda', sector)).join('; '),
  },
  isReadOnly: {
    mechanism: 'kernel-disk-read-only',
    ...sda,
    look: `${read('sda')}; ${write('sda', 4096)}; ${write('sdb', 4096)}`,
  },
  waits: {
    mechanism: 'kernel-disk-delay',
    ...sda,
    parameters: { delay: '3s' },
    look: `${readMs('sda')}; ${readMs('sdb')}`,
  },
  isWrong: { mechanism: 'kernel-disk-corrupt', ...sda, look: `${sum('sda')}; ${sum('sdb')}` },
  isWrongOnNvme: {
    mechanism: 'kernel-disk-corrupt',
    kind: 'disk',
    name: 'nvme0n1',
    look: `${sum('nvme0n1')}; ${sum('sdb')}`,
  },
  isNotScsi: { mechanism: 'kernel-disk-unavailable', kind: 'disk', name: 'nvme0n1', look: 'true' },
} as const;

describe('faults of disks by the module, through its injectors', () => {
  let told: ReadonlyMap<string, Told>;

  before(async () => {
    told = await tellOf(steps, furniture);
  });

  const of = (claim: keyof typeof steps): Told => whole(told, claim);

  test('a disk is away, its neighbour is not', () => {
    const seen = of('isAway');
    assert.deepEqual([seen.before, seen.during, seen.after], ['read\nread', 'failed\nread', 'read\nread']);
    assert.ok(counted(seen) > 0);
    assert.equal(seen.handles, 1);
  });

  test('a sector cannot be read, those beside it can', () => {
    const seen = of('hasABadSector');
    assert.equal(seen.during, 'read\nfailed\nread');
    assert.equal(seen.after, 'read\nread\nread');
  });

  test('a disk can be read and not written, its neighbour can', () => {
    const seen = of('isReadOnly');
    assert.equal(seen.during, 'read\nrefused\nwritten');
    assert.equal(seen.after, 'read\nwritten\nwritten');
  });

  test('a read waits as long as asked, that of the neighbour does not', () => {
    const seen = of('waits');
    const [held = 0, beside = 0] = seen.during.split('\n').map(Number);
    assert.ok(held >= 3000 && beside < 3000, seen.during);
    assert.match(seen.reverted?.remark ?? '', /each was held for 3\d\d\d\.\d\d ms on average/);
  });

  for (const [disk, claim] of [
    ['a SCSI disk', 'isWrong'],
    ['an NVMe disk', 'isWrongOnNvme'],
  ] as const) {
    test(`what is read of ${disk} is wrong, and right again afterwards; of its neighbour it is always right`, () => {
      const seen = of(claim);
      const [own, beside] = seen.before.split('\n');
      const [wrong, right] = seen.during.split('\n');
      assert.notEqual(wrong, own);
      assert.equal(right, beside);
      assert.equal(seen.after, seen.before);
      assert.match(seen.reverted?.remark ?? '', /\d+ bits were flipped/);
    });
  }

  test('commands of a disk that is not SCSI are not met, and the refusal says what can be done', () => {
    assert.match(
      told.get('isNotScsi')?.error ?? '',
      /nvme0n1 is not SCSI: of such, only what is read can be corrupted/,
    );
  });
});
