import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { BlockDevices } from './block-devices.ts';
import { identifyDisk, isThere } from './disk.ts';
import { disksBeneath, numberFrom } from './disks-behind.ts';
import { madeSysfs } from './made-sysfs.example.ts';

async function made(context: TestContext): Promise<{ root: string; blockDevices: BlockDevices }> {
  const root = await madeSysfs(context);
  return { root, blockDevices: new BlockDevices(root) };
}

test('a disk is held by what it says of itself, else by where it is attached', async (context) => {
  const { blockDevices } = await made(context);
  assert.deepEqual(await identifyDisk('sda', blockDevices), {
    name: 'sda',
    identity: 'wwn naa.5000c500a1b2c3d4',
    number: '8:0',
    scsi: '2:0:0:0',
  });
  assert.deepEqual(await identifyDisk('sdb', blockDevices), {
    name: 'sdb',
    identity: 'path pci0000:00/0000:00:03.0/virtio1/host2/2:0:1:0',
    number: '8:16',
    scsi: '2:0:1:0',
  });
  assert.deepEqual(await identifyDisk('dm-0', blockDevices), {
    name: 'dm-0',
    identity: 'dm LVM-abc',
    number: '254:0',
  });
  assert.equal(await identifyDisk('sdc', blockDevices), undefined);
});

test('another disk of the same number and address is not the one that was chosen', async (context) => {
  const { root, blockDevices } = await made(context);
  const sda = await identifyDisk('sda', blockDevices);
  assert.ok(sda);
  assert.equal(await isThere(sda, blockDevices), true);
  await writeFile(join(root, 'block/sda/device/wwid'), 'naa.5000c500ffffffff\n');
  assert.equal(await isThere(sda, blockDevices), false);
  await rm(join(root, 'dev/block/8:0'));
  assert.equal(await isThere(sda, blockDevices), false);
});

test('beneath a volume are all disks that it has parts of, also by their partitions', async (context) => {
  const { blockDevices } = await made(context);
  const beneath = async (number: string) => [...(await disksBeneath(number, blockDevices))].sort();
  assert.deepEqual(await beneath('254:0'), ['dm-0', 'sda', 'sdb']);
  assert.deepEqual(await beneath('254:1'), ['dm-1', 'sda']);
  assert.deepEqual(await beneath('8:2'), ['sda']);
  await assert.rejects(beneath('9:9'), /the block device 9:9 cannot be told/);
});

for (const [packed, number] of [
  [0x801n, '8:1'],
  [0xfe00n, '254:0'],
  [0x1031_0305n, '259:66309'],
  [0x0000_1000_0010_0801n, '4104:257'],
] as const) {
  test(`the number ${packed.toString(16)} is ${number}`, () => {
    assert.equal(numberFrom(packed), number);
  });
}
