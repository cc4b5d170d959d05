import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { ContentCache } from './content-cache.ts';

let place: string;
let cache: ContentCache;

beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ordeal-content-cache-'));
  cache = new ContentCache(place, () => undefined);
});

afterEach(async () => {
  await rm(place, { recursive: true });
});

const writes = (text: string) => async (directory: string) => {
  await writeFile(join(directory, 'text'), text);
};

test('what was built once is not built again for the same inputs', async () => {
  await cache.item('image', ['a', 'b'], writes('first'));
  const item = await cache.item('image', ['a', 'b'], writes('second'));
  assert.equal(await readFile(join(item, 'text'), 'utf8'), 'first');
});

test('another division of the same letters is another input', async () => {
  const one = await cache.item('image', ['ab', 'c'], writes('one'));
  assert.notEqual(await cache.item('image', ['a', 'bc'], writes('other')), one);
});

test('a build that failed leaves nothing that a later one would take for whole', async () => {
  const half = async (directory: string) => {
    await writeFile(join(directory, 'half'), '');
    throw new Error('no room');
  };
  await assert.rejects(cache.item('image', ['a'], half), /no room/);
  const item = await cache.item('image', ['a'], writes('whole'));
  assert.deepEqual(await readdir(item), ['text']);
});

test('of two that ask at once one builds', async () => {
  let builds = 0;
  const build = async (directory: string) => {
    builds += 1;
    await writes('text')(directory);
  };
  const items = await Promise.all([cache.item('image', ['a'], build), cache.item('image', ['a'], build)]);
  assert.equal(builds, 1);
  assert.equal(items[0], items[1]);
});
