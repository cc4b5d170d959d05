import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { within, type ControlGroup } from './control-group.ts';
import { mountedHierarchies } from '../../procfs/cgroup-hierarchies.ts';

async function groupIn(mountPoint: string, given: Partial<ControlGroup> = {}): Promise<ControlGroup> {
  const { ino } = await stat(mountPoint);
  return { directory: join(mountPoint, 'ordeal-is-not-there'), inode: 7, rootInode: ino, ...given };
}

async function anyMountPoint(): Promise<string> {
  const [hierarchy] = await mountedHierarchies();
  assert.ok(hierarchy, 'every Linux that runs these tests mounts a cgroup hierarchy');
  return hierarchy.mountPoint;
}

async function resultIn(group: ControlGroup): Promise<string> {
  return (await within(group, async () => await Promise.resolve('touched'))) ?? 'gone';
}

test('a cgroup that is not in its mounted hierarchy is gone', async () => {
  assert.equal(await resultIn(await groupIn(await anyMountPoint())), 'gone');
});

test('a later cgroup of the same name is not touched: the one that was meant is gone', async () => {
  const mountPoint = await anyMountPoint();
  const group = await groupIn(mountPoint, { directory: `${mountPoint}/` });
  assert.equal(await resultIn(group), 'gone');
});

test('a cgroup whose hierarchy is not mounted here may still be there', async () => {
  const group = { directory: '/tmp/ordeal-no-hierarchy/web', inode: 7, rootInode: 1 };
  await assert.rejects(resultIn(group), {
    code: 'UNSUPPORTED',
    message: /whether the cgroup \/tmp\/ordeal-no-hierarchy\/web is gone cannot be seen/,
  });
});

test('a cgroup that another part of the hierarchy is shown in the place of may still be there', async () => {
  const group = await groupIn(await anyMountPoint(), { rootInode: 123_456 });
  await assert.rejects(resultIn(group), { code: 'UNSUPPORTED', message: /another part/ });
});

test('a file that a cgroup does not have is no sign that the cgroup is gone', async (context) => {
  const directory = await mkdtemp('/tmp/ordeal-control-group-');
  context.after(async () => {
    await rm(directory, { recursive: true });
  });
  const group = { directory, inode: (await stat(directory)).ino };
  await assert.rejects(
    within(group, async (files) => await files.read('freezer.state')),
    { code: 'ENOENT' },
  );
});
