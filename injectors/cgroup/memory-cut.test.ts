import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { applyCut, cutIn, restoreCut, willOfCut, type MemoryCut } from './memory-cut.ts';

/** A host has the memory controller in one version only, so the files of the other are ordinary ones here. */
async function filesOf(context: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await mkdtemp('/tmp/ordeal-memory-cut-');
  context.after(async () => {
    await rm(directory, { recursive: true });
  });
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
  return directory;
}

async function cutOf(directory: string, given: Partial<MemoryCut>): Promise<MemoryCut> {
  const { ino } = await stat(directory);
  const counted = { hitsBefore: 0, killsBefore: 0 };
  return { version: 2, directory, inode: ino, before: 'max', asked: '4096', ...counted, ...given };
}

test('v2 takes the limit and lets nothing into swap, and both are restored', async (context) => {
  const directory = await filesOf(context, { 'memory.max': '8192\n', 'memory.swap.max': '9\n' });
  const cut = await cutOf(directory, { before: '8192', swapBefore: '9' });
  await applyCut(cut);
  assert.deepEqual(await cutIn(cut), ['memory.max is 4096', 'memory.swap.max is 0']);
  await restoreCut(cut);
  assert.equal(await readFile(join(directory, 'memory.max'), 'utf8'), '8192\n');
  assert.equal(await readFile(join(directory, 'memory.swap.max'), 'utf8'), '9\n');
});

test('a limit that somebody else set meanwhile is neither cut further nor restored', async (context) => {
  const directory = await filesOf(context, { 'memory.max': '8192\n' });
  const cut = await cutOf(directory, {});
  await assert.rejects(applyCut(cut), /somebody set its memory.max to 8192/);
  await restoreCut(cut);
  assert.equal(await readFile(join(directory, 'memory.max'), 'utf8'), '8192\n');
  assert.deepEqual(await cutIn(cut), []);
});

test('swap that was off before is not the cut’s, and stays off', async (context) => {
  const directory = await filesOf(context, { 'memory.max': '4096\n', 'memory.swap.max': '0\n' });
  assert.deepEqual(await cutIn(await cutOf(directory, { swapBefore: '0' })), ['memory.max is 4096']);
});

test('version 1 gets the common limit back first: it refuses one of memory alone above it', async (context) => {
  const directory = await filesOf(context, {});
  const cut = await cutOf(directory, { version: 1, before: '8192', swapBefore: '16384' });
  assert.deepEqual(willOfCut(cut).restores, [
    { file: 'memory.memsw.limit_in_bytes', applied: '8192', before: '16384' },
    { file: 'memory.limit_in_bytes', applied: '4096', before: '8192' },
  ]);
});
