import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasIds } from './subordinate-ids.ts';

test('ids that are given to another user are not ours', () => {
  assert.equal(hasIds('alice:100000:65536\n', ['bob', '1001']), false);
});

test('a user may be written as a name or as a number', () => {
  assert.equal(hasIds('bob:100000:65536\n', ['bob', '1001']), true);
  assert.equal(hasIds('1001:100000:65536\n', ['bob', '1001']), true);
});

test('fewer ids than the users of a Debian need do not do', () => {
  assert.equal(hasIds('bob:100000:1000\n', ['bob', '1001']), false);
});
