import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { ModuleSources } from './module-sources.ts';

let place: string;
let sources: string;

before(async () => {
  place = await mkdtemp(join(tmpdir(), 'ordeal-module-sources-'));
});

after(async () => {
  await rm(place, { recursive: true });
});

beforeEach(async () => {
  sources = await mkdtemp(join(place, 'kmod-'));
  await mkdir(join(sources, 'core'));
  await writeFile(join(sources, 'Kbuild'), 'obj-m := ordeal.o\n');
  await writeFile(join(sources, 'core/main.c'), 'int a;\n');
});

const digestNow = async () => await (await ModuleSources.in(sources)).digest();

test('a change of one byte of a source makes another digest', async () => {
  const before = await digestNow();
  await writeFile(join(sources, 'core/main.c'), 'int b;\n');
  assert.notEqual(await digestNow(), before);
});

test('a source under another name makes another digest', async () => {
  const before = await digestNow();
  await rm(join(sources, 'core/main.c'));
  await writeFile(join(sources, 'core/gate.c'), 'int a;\n');
  assert.notEqual(await digestNow(), before);
});

test('what a build has left beside the sources changes nothing', async () => {
  const before = await digestNow();
  for (const name of ['ordeal.ko', 'ordeal.mod.c', 'ordeal_features.h', 'core/main.o', 'Module.symvers']) {
    await writeFile(join(sources, name), 'product');
  }
  assert.equal(await digestNow(), before);
});

test('the sources are copied without what a build has left', async () => {
  await writeFile(join(sources, 'ordeal_features.h'), 'of another kernel');
  const copy = join(place, 'copy');
  await (await ModuleSources.in(sources)).copyTo(copy);
  const files = await readdir(copy, { recursive: true });
  assert.deepEqual(files.sort(), ['Kbuild', 'core', 'core/main.c']);
});
