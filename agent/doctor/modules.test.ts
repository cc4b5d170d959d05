import assert from 'node:assert/strict';
import { access, readFile } from 'node:fs/promises';
import { release } from 'node:os';
import { test } from 'node:test';
import { driversLeftAlone, lookAtModules } from './modules.ts';

test('the drivers that are told of are those that the module leaves alone', async () => {
  const source = await readFile(new URL('../../injectors/kmod/net/transmit.c', import.meta.url), 'utf8');
  const [, list = ''] = /comparing_drivers\[\] = \{([^}]*)NULL/.exec(source) ?? [];
  assert.deepEqual(
    [...list.matchAll(/"(\w+)"/g)].map(([, name]) => name),
    driversLeftAlone,
  );
});

test('a host without the headers of its kernel is told which package has them', async () => {
  const has = await access(`/lib/modules/${release()}/build/Makefile`).then(
    () => true,
    () => false,
  );
  const headers = (await lookAtModules()).find(({ about }) => about === 'kernel headers');
  assert.ok(headers);
  assert.equal(headers.state, has ? 'good' : 'limited');
  if (!has) assert.match(headers.remedy ?? '', new RegExp(`linux-headers-${release()}`));
});

test('whatever keeps a module away is told with what to do about it', async () => {
  for (const { about, state, remedy = '' } of await lookAtModules()) {
    assert.equal(state === 'good', remedy === '', about);
  }
});
