import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Lease } from './lease.ts';

test('a lease holds from the beat that renewed it, never from its answer, and not before the first', () => {
  const lease = new Lease();
  assert.equal(lease.holdsAt(0), false);
  lease.renew(1_000, 500);
  assert.equal(lease.holdsAt(1_500), true);
  assert.equal(lease.holdsAt(1_501), false);
});

test('an answer that comes out of order does not shorten it', () => {
  const lease = new Lease();
  lease.renew(2_000, 500);
  lease.renew(1_000, 500);
  assert.equal(lease.holdsAt(2_500), true);
});
