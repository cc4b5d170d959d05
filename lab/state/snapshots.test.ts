import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { LabFiles } from './lab-files.ts';
import { Snapshots } from './snapshots.ts';

async function labOf(context: TestContext, ...machines: string[]) {
  const files = new LabFiles('test', await mkdtemp(join(tmpdir(), 'ordeal-lab-')));
  context.after(async () => await rm(files.directory, { recursive: true }));
  for (const machine of machines) {
    await mkdir(files.machine(machine).directory);
    await writeFile(files.machine(machine).disks.root, `${machine} before`);
  }
  return { files, snapshots: new Snapshots(files) };
}

test('disks are given back what they held, and nothing else is', async (context) => {
  const { files, snapshots } = await labOf(context, 'nfvi-1', 'nfvi-2');
  const { disks, console } = files.machine('nfvi-1');
  await snapshots.take('clean', ['nfvi-1', 'nfvi-2']);
  await writeFile(disks.root, 'after');
  await writeFile(console, 'said since');
  assert.deepEqual(await snapshots.restore('clean'), ['nfvi-1', 'nfvi-2']);
  assert.equal(await readFile(disks.root, 'utf8'), 'nfvi-1 before');
  assert.equal(await readFile(console, 'utf8'), 'said since');
});

test('a snapshot can be restored more than once', async (context) => {
  const { files, snapshots } = await labOf(context, 'nfvi-1');
  await snapshots.take('clean', ['nfvi-1']);
  for (const text of ['one', 'two']) {
    await writeFile(files.machine('nfvi-1').disks.root, text);
    await snapshots.restore('clean');
    assert.equal(await readFile(files.machine('nfvi-1').disks.root, 'utf8'), 'nfvi-1 before');
  }
});

test('what a disk does not use takes no room in a snapshot', async (context) => {
  const { files, snapshots } = await labOf(context, 'nfvi-1');
  await truncate(files.machine('nfvi-1').disks.root, 64 * 1024 * 1024);
  await snapshots.take('clean', ['nfvi-1']);
  const copy = await stat(join(files.snapshots, 'clean', 'nfvi-1', 'root.qcow2'));
  assert.equal(copy.size, 64 * 1024 * 1024);
  assert.ok(copy.blocks * 512 < 1024 * 1024, `${copy.blocks} blocks`);
});

test('a snapshot that was being taken when all ended is none, and hinders no other', async (context) => {
  const { files, snapshots } = await labOf(context, 'nfvi-1');
  await mkdir(join(files.snapshots, '.making', 'nfvi-7'), { recursive: true });
  assert.deepEqual(await snapshots.names(), []);
  await snapshots.take('clean', ['nfvi-1']);
  assert.deepEqual(await snapshots.restore('clean'), ['nfvi-1']);
});

test('a name is taken once', async (context) => {
  const { snapshots } = await labOf(context, 'nfvi-1');
  await snapshots.take('clean', ['nfvi-1']);
  await assert.rejects(snapshots.take('clean', ['nfvi-1']), { code: 'ALREADY_EXISTS' });
});

for (const name of ['', '.making', '../nfvi-1', 'a/b']) {
  test(`"${name}" is no name of a snapshot`, async (context) => {
    const { snapshots } = await labOf(context, 'nfvi-1');
    await assert.rejects(snapshots.take(name, ['nfvi-1']), { code: 'INVALID_INPUT' });
  });
}

test('who asks for a snapshot that is not there is told which are', async (context) => {
  const { snapshots } = await labOf(context, 'nfvi-1');
  await assert.rejects(snapshots.restore('clean'), /has no snapshot "clean": it has none/);
  await snapshots.take('one', ['nfvi-1']);
  await snapshots.take('two', ['nfvi-1']);
  await assert.rejects(snapshots.restore('clean'), /it has one, two/);
});
