import assert from 'node:assert/strict';
import { test } from 'node:test';
import { disksBehind } from './disks-behind.ts';
import { protectedDisks } from './protected-disks.ts';

const program = { path: process.execPath, holds: 'the program that runs the agent' };

test('every disk behind a file is protected, and the reason says what it holds', async () => {
  const disks = await disksBehind(program.path);
  const reasons = await protectedDisks([program], [...disks, 'beside']);
  for (const name of disks) assert.equal(reasons.get(name), 'it holds the program that runs the agent');
  assert.equal(reasons.has('beside'), false);
});

test('where it cannot be told which disk it is, every disk is protected', async () => {
  const nowhere = { path: '/no/such/place', holds: 'the journal' };
  const reasons = await protectedDisks([nowhere], ['one', 'two']);
  assert.deepEqual([...reasons.keys()].sort().slice(0, 2), ['one', 'two']);
  assert.match(
    reasons.get('two') ?? '',
    /^it may hold the journal: which disk is behind \/no\/such\/place cannot be told: .*ENOENT/,
  );
});

test('the first of several reasons is told', async () => {
  const disks = await disksBehind('/');
  const root = { path: '/', holds: "the host's root filesystem" };
  const reasons = await protectedDisks([root, program], [...disks]);
  for (const name of disks) assert.match(reasons.get(name) ?? '', /root filesystem/);
});
