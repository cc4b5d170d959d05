import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mostSlowness, slownessOf } from './slowness.ts';

test('a host that is quicker than usual, or does not say, is waited for no less than usual', () => {
  assert.deepEqual([0, 1, 200_000, 1_000_000].map(slownessOf), [1, 1, 1, 1]);
});

test('a slow host is waited for as many times longer as its first look took longer', () => {
  assert.equal(slownessOf(7_500_000), 7.5);
});

test('no host is waited for without an end', () => {
  assert.equal(slownessOf(3_600_000_000), mostSlowness);
});
