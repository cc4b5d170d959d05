import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { identify, isAlive } from './identity.ts';

test('a process is told from a later one of the same pid by its start', async () => {
  const own = await identify(process.pid);
  assert.ok(own);
  assert.equal(await isAlive(own), true);
  assert.equal(await isAlive({ ...own, startTicks: own.startTicks - 1 }), false);
});

test('a process is told from one of another boot with the same pid and start', async () => {
  const own = await identify(process.pid);
  assert.ok(own);
  assert.equal(await isAlive({ ...own, bootId: 'another' }), false);
  assert.equal(await isAlive({ pid: own.pid, startTicks: own.startTicks }), true);
});

test('a process that has ended has no identity, and is not alive', async () => {
  const child = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = once(child, 'exit');
  const identity = await identify(child.pid ?? 0);
  assert.ok(identity);
  child.stdin.end();
  await ended;
  assert.equal(await identify(identity.pid), undefined);
  assert.equal(await isAlive(identity), false);
});
