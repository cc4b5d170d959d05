import assert from 'node:assert/strict';
import { test } from 'node:test';
import { initAmong, mainProcessAmong } from './main-process.ts';

test('among no processes, or only ended ones, there is none', async () => {
  assert.equal(await mainProcessAmong([]), undefined);
  // Above the largest pid that Linux gives.
  assert.equal(await mainProcessAmong([2 ** 22 + 1]), undefined);
});

test('a child that is in the container too is not the main process', async () => {
  const both = await mainProcessAmong([process.pid, process.ppid]);
  assert.equal(both?.pid, process.ppid);
});

test('a process without a pid namespace of its own is the main one, but no init', async () => {
  assert.equal((await mainProcessAmong([process.pid]))?.pid, process.pid);
  assert.equal(await initAmong([process.pid]), undefined);
});
