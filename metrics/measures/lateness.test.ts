import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lateness } from './lateness.ts';

const rows = (late: readonly number[]): { intendedUs: Float64Array; sentUs: Float64Array } => ({
  intendedUs: Float64Array.from(late, (_, index) => index * 4000),
  sentUs: Float64Array.from(late, (lateUs, index) => index * 4000 + lateUs),
});

test('of 100 sends that are late by 1 to 100 us, the 50th and the 99th percentile are 50 and 99 us', () => {
  const late = Array.from({ length: 100 }, (_, index) => index + 1);
  assert.deepEqual(lateness(rows(late.toReversed())), { p50Us: 50, p99Us: 99, maxUs: 100 });
});

test('one late send among ten is the 99th percentile too: ten sends are too few to leave it out', () => {
  assert.deepEqual(lateness(rows([0, 0, 0, 0, 9000, 0, 0, 0, 0, 0])), { p50Us: 0, p99Us: 9000, maxUs: 9000 });
});

test('without a send nothing is known', () => {
  assert.deepEqual(lateness(rows([])), { p50Us: 'unknown', p99Us: 'unknown', maxUs: 'unknown' });
});
