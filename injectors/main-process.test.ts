import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAlive, mainProcessAmong, parseStat } from './main-process.ts';

test('a name with blanks and parentheses does not shift the fields', () => {
  const line = `42 (a) R 1 (b) S 7 42 42 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 123456 9 10`;
  assert.deepEqual(parseStat(line), { state: 'S', parent: 7, startTicks: 123456 });
  assert.equal(parseStat(''), undefined);
});

test('a process is told from a later one of the same pid by its start', async () => {
  const own = await mainProcessAmong([process.pid]);
  assert.ok(own);
  assert.equal(own.pid, process.pid);
  assert.equal(await isAlive(own), true);
  assert.equal(await isAlive({ ...own, startTicks: own.startTicks - 1 }), false);
});

test('among no processes, or only ended ones, there is none', async () => {
  assert.equal(await mainProcessAmong([]), undefined);
  // Above the largest pid that Linux gives.
  assert.equal(await mainProcessAmong([2 ** 22 + 1]), undefined);
});

test('a child that is in the container too is not the main process', async () => {
  const both = await mainProcessAmong([process.pid, process.ppid]);
  assert.equal(both?.pid, process.ppid);
});
