import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { BlockDevices } from '../../injectors/storage/block-devices.ts';
import { madeSysfs } from '../../injectors/storage/made-sysfs.example.ts';
import { readDisks } from './disks.ts';

/** A disk that comes from an iSCSI target, beside the others. */
async function withRemote(root: string): Promise<void> {
  const device = join(root, 'devices/platform/host3/session7/target3:0:0/3:0:0:1');
  const disk = join(device, 'block/sdc');
  const session = join(root, 'class/iscsi_session/session7');
  for (const directory of [disk, session]) await mkdir(directory, { recursive: true });
  await symlink('../..', join(disk, 'device'));
  for (const [path, text] of [
    [join(disk, 'dev'), '8:32'],
    [join(disk, 'size'), '2048'],
    [join(device, 'wwid'), 'naa.6001405aaaaaaaa'],
    [join(session, 'targetname'), 'iqn.2003-01.org.example:store'],
  ] as const)
    await writeFile(path, `${text}\n`);
  await symlink(disk, join(root, 'block/sdc'));
}

test('a disk is known to others by its WWN and by the iSCSI target that it comes from, and by nothing else', async (context) => {
  const root = await madeSysfs(context);
  await withRemote(root);
  const disks = await readDisks(new BlockDevices(root));
  const parts = Object.fromEntries(disks.map(({ identity, partOf }) => [identity.name, partOf]));
  assert.deepEqual(parts, {
    'dm-0': [],
    'dm-1': [],
    sda: ['wwn naa.5000c500a1b2c3d4'],
    sdb: [],
    sdc: ['wwn naa.6001405aaaaaaaa', 'iscsi iqn.2003-01.org.example:store'],
  });
});

test('a disk whose WWN the kernel made of its serial number is not taken for one that hosts share', async (context) => {
  const root = await madeSysfs(context);
  const disk = join(root, 'devices/pci0000:00/nvme/nvme0/nvme0n1');
  await mkdir(disk, { recursive: true });
  for (const [file, text] of [
    ['dev', '259:0'],
    ['size', '2048'],
    ['wwid', 'nvme.1b36-6f726465616c2d6e766d65-51454d55204e564d65204374726c-00000001'],
  ] as const)
    await writeFile(join(disk, file), `${text}\n`);
  await symlink(disk, join(root, 'block/nvme0n1'));
  const found = (await readDisks(new BlockDevices(root))).find(({ identity }) => identity.name === 'nvme0n1');
  assert.deepEqual(found?.partOf, []);
  assert.match(found.facts['identity'] ?? '', /^wwn nvme\.1b36-/);
});
