import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counted } from './counted.ts';

test('one of a thing is one, and none or several are several', () => {
  assert.deepEqual(
    [0, 1, 2].map((count) => counted(count, 'golden run')),
    ['0 golden runs', '1 golden run', '2 golden runs'],
  );
});

test('a plural can be any words', () => {
  assert.deepEqual(
    [1, 2].map((count) => counted(count, 'bit was', 'bits were')),
    ['1 bit was', '2 bits were'],
  );
});
