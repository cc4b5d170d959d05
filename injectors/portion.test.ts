import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bytesOf, isPortion } from './portion.ts';

for (const [portion, bytes] of [
  ['0B', 0],
  ['16MiB', 16_777_216],
  ['0%', 0],
  ['12.5%', 125],
  ['0.01%', 1],
] as const)
  test(`of 1000 bytes, ${portion} is ${bytes}`, () => {
    assert.equal(isPortion(portion), true);
    assert.equal(bytesOf(portion, 1000), bytes);
  });

for (const wrong of ['100%', '-1%', '5', '', '%', '99999999999GiB'])
  test(`"${wrong}" is no part of anything`, () => {
    assert.equal(isPortion(wrong), false);
  });

test('a share of a whole is never more than the whole', () => {
  const share = fc.integer({ min: 0, max: 99 });
  fc.assert(
    fc.property(share, fc.nat(), (percent, whole) => {
      assert.ok(bytesOf(`${percent}%`, whole) <= whole);
    }),
  );
});
