import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';

/**
 * A tree as sysfs has it of a machine with LVM: the SCSI disks sda (with two partitions) and sdb, the volume dm-0 on the second partition
 * of sda and on sdb, dm-1 on the first partition of sda.
 */
export async function madeSysfs(context: TestContext): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'ordtest-sysfs-'));
  context.after(async () => await rm(root, { recursive: true }));
  const scsi = (target: number): string => `pci0000:00/0000:00:03.0/virtio1/host2/2:0:${target}:0`;
  const devices: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
    [`${scsi(0)}/block/sda`, '8:0', { size: '4096', 'device/wwid': 'naa.5000c500a1b2c3d4' }],
    [`${scsi(0)}/block/sda/sda1`, '8:1', { partition: '1' }],
    [`${scsi(0)}/block/sda/sda2`, '8:2', { partition: '2' }],
    [`${scsi(1)}/block/sdb`, '8:16', { size: '8192' }],
    ['virtual/block/dm-0', '254:0', { size: '100', 'dm/uuid': 'LVM-abc' }],
    ['virtual/block/dm-1', '254:1', { size: '100', 'dm/uuid': 'LVM-def' }],
  ];
  for (const target of [0, 1]) {
    await mkdir(join(root, 'devices', scsi(target), 'block'), { recursive: true });
  }
  for (const [path, number, files] of devices) {
    const directory = join(root, 'devices', path);
    await mkdir(join(directory, 'slaves'), { recursive: true });
    if (path.endsWith('/sda') || path.endsWith('/sdb')) await symlink('../..', join(directory, 'device'));
    for (const [file, text] of Object.entries({ dev: number, ...files })) {
      await mkdir(dirname(join(directory, file)), { recursive: true });
      await writeFile(join(directory, file), `${text}\n`);
    }
    const name = path.slice(path.lastIndexOf('/') + 1);
    await link(root, `dev/block/${number}`, directory);
    await link(root, `class/block/${name}`, directory);
    if (files['partition'] === undefined) await link(root, `block/${name}`, directory);
  }
  for (const [volume, part] of [
    ['dm-0', 'sda2'],
    ['dm-0', 'sdb'],
    ['dm-1', 'sda1'],
  ] as const) {
    await link(root, `block/${volume}/slaves/${part}`, join(root, 'class/block', part));
  }
  return root;
}

async function link(root: string, path: string, to: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await symlink(to, join(root, path));
}
