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

test('who listens hears of each later end, and of none once it has stopped listening', () => {
  const lease = new Lease();
  const heard: number[] = [];
  const stop = lease.onRenewal((untilUs) => heard.push(untilUs));
  lease.renew(2_000, 500);
  lease.renew(1_000, 500);
  lease.renew(3_000, 500);
  stop();
  lease.renew(4_000, 500);
  assert.deepEqual(heard, [2_500, 3_500]);
});
