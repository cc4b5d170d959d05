import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { counted, GuestInjectors } from './guest-injectors.ts';

/** Faults of disks by the module, through its injectors; with known bytes on every disk under test. */
const furniture = `
for disk in sda sdb nvme0n1; do
  seq 1 200000 | head -c 1048576 | dd of=/dev/$disk bs=64k oflag=direct iflag=fullblock 2> /dev/null
done`;

const read = (disk: string, sector = 0): string =>
  `dd if=/dev/${disk} of=/dev/null bs=512 count=1 skip=${sector} iflag=direct 2> /dev/null && echo read || echo failed`;
const write = (disk: string, sector: number): string =>
  `dd if=/dev/zero of=/dev/${disk} bs=512 count=1 seek=${sector} oflag=direct 2> /dev/null && echo written || echo refused`;
const readMs = (disk: string): string =>
  `a=$(date +%s%N); dd if=/dev/${disk} of=/dev/null bs=4k count=1 iflag=direct; b=$(date +%s%N); echo $(((b - a) / 1000000))`;
const sum = (disk: string): string => `dd if=/dev/${disk} bs=64k count=16 iflag=direct | md5sum`;

const sda = { kind: 'disk', name: 'sda' } as const;

let injectors: GuestInjectors;

before(async () => {
  injectors = await GuestInjectors.start(furniture);
});

after(async () => {
  await injectors.end();
});

test('a disk is away, its neighbour is not', async () => {
  const look = `${read('sda')}; ${read('sdb')}`;
  const seen = await injectors.whole({ mechanism: 'kernel-disk-unavailable', ...sda, look });
  assert.deepEqual([seen.before, seen.during, seen.after], ['read\nread', 'failed\nread', 'read\nread']);
  assert.ok(counted(seen) > 0);
  assert.equal(seen.handles, 1);
});

test('a sector cannot be read, those beside it can', async () => {
  const seen = await injectors.whole({
    mechanism: 'kernel-disk-error',
    ...sda,
    parameters: { sectors: '2048' },
    look: [2047, 2048, 2049].map((sector) => read('sda', sector)).join('; '),
  });
  assert.equal(seen.during, 'read\nfailed\nread');
  assert.equal(seen.after, 'read\nread\nread');
});

test('a disk can be read and not written, its neighbour can', async () => {
  const look = `${read('sda')}; ${write('sda', 4096)}; ${write('sdb', 4096)}`;
  const seen = await injectors.whole({ mechanism: 'kernel-disk-read-only', ...sda, look });
  assert.equal(seen.during, 'read\nrefused\nwritten');
  assert.equal(seen.after, 'read\nwritten\nwritten');
});

test('a read waits as long as asked, that of the neighbour does not', async () => {
  const seen = await injectors.whole({
    mechanism: 'kernel-disk-delay',
    ...sda,
    parameters: { delay: '3s' },
    look: `${readMs('sda')}; ${readMs('sdb')}`,
  });
  const [held = 0, beside = 0] = seen.during.split('\n').map(Number);
  assert.ok(held >= 3000 && beside < 3000, seen.during);
  assert.match(seen.reverted?.remark ?? '', /each was held for 3\d\d\d\.\d\d ms on average/);
});

for (const [what, name] of Object.entries({ 'a SCSI disk': 'sda', 'an NVMe disk': 'nvme0n1' })) {
  test(`what is read of ${what} is wrong, and right again afterwards; of its neighbour it is always right`, async () => {
    const look = `${sum(name)}; ${sum('sdb')}`;
    const seen = await injectors.whole({ mechanism: 'kernel-disk-corrupt', kind: 'disk', name, look });
    const [own, beside] = seen.before.split('\n');
    const [wrong, right] = seen.during.split('\n');
    assert.notEqual(wrong, own);
    assert.equal(right, beside);
    assert.equal(seen.after, seen.before);
    assert.match(seen.reverted?.remark ?? '', /\d+ bits? (was|were) flipped/);
  });
}

test('commands of a disk that is not SCSI are not met, and the refusal says what can be done', async () => {
  const nvme = { kind: 'disk', name: 'nvme0n1' } as const;
  const { error } = await injectors.tell({ mechanism: 'kernel-disk-unavailable', ...nvme, look: 'true' });
  assert.match(error ?? '', /nvme0n1 is not SCSI: of such, only what is read can be corrupted/);
});
