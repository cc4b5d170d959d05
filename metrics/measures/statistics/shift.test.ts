import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { permutationTest } from './permutation-test.ts';
import { shift } from './shift.ts';

test('four against four: the interval is from the least to the largest difference, as 1 of 70 orders is as extreme, and 2 are too many', () => {
  // The differences are 1, 5, 9, 13 and so on, less 0, 1, 2, 3: from -2 to 13, eight below 5.5 and eight above.
  assert.deepEqual(shift([1, 5, 9, 13], [0, 1, 2, 3]), { by: 5.5, low: -2, high: 13 });
});

test('five against five: the third difference from either end, as the tables of the test have it', () => {
  // 10 to 14 less 0 to 4: 6, 7, 7, 8, 8, 8, ... 12, 12, 12, 13, 13, 14.
  assert.deepEqual(shift([10, 11, 12, 13, 14], [0, 1, 2, 3, 4]), { by: 10, low: 7, high: 13 });
});

test('three against three can reject no shift at all', () => {
  assert.deepEqual(shift([10, 11, 12], [0, 1, 2]), { by: 10, low: -Infinity, high: Infinity });
});

test('what never came to an end is above all that did, and its own equal', () => {
  const never = shift([Infinity, Infinity, Infinity, Infinity], [1, 2, 3, 4]);
  assert.deepEqual(never, { by: Infinity, low: Infinity, high: Infinity });
  assert.equal(shift([Infinity, Infinity], [Infinity, Infinity])?.by, 0);
});

test('without a value on one side there is none', () => {
  assert.equal(shift([], [1]), undefined);
});

const values = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 4, maxLength: 9 });

test('what is added to one side is added to the shift and to its interval', () => {
  fc.assert(
    fc.property(values, values, fc.nat(50), (ones, others, more) => {
      const [found, moved] = [
        shift(ones, others),
        shift(
          ones.map((one) => one + more),
          others,
        ),
      ];
      assert.ok(found !== undefined && moved !== undefined);
      const add = (value: number): number => value + more;
      assert.deepEqual(moved, { by: add(found.by), low: add(found.low), high: add(found.high) });
    }),
  );
});

test('where no two values are equal, the interval leaves 0 out exactly where the permutation test comes to less than 5%', () => {
  const distinct = fc.uniqueArray(fc.integer({ min: 0, max: 1000 }), { minLength: 8, maxLength: 14 });
  fc.assert(
    fc.property(distinct, fc.integer({ min: 3, max: 5 }), (all, count) => {
      const [ones, others] = [all.slice(0, count), all.slice(count)];
      const { p } = permutationTest([{ ones, others }], 1) ?? { p: NaN };
      const { low, high } = shift(ones, others) ?? { low: NaN, high: NaN };
      assert.equal(low > 0 || high < 0, p <= 0.05);
    }),
  );
});

test('many values come to the same as few, by the approximation', () => {
  const ones = Array.from({ length: 400 }, (_, index) => index + 100);
  const others = Array.from({ length: 400 }, (_, index) => index);
  const found = shift(ones, others);
  assert.equal(found?.by, 100);
  assert.ok(found.low > 80 && found.low < 90 && found.high > 110 && found.high < 120, JSON.stringify(found));
});
