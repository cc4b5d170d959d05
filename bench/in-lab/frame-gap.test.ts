import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { apart, longestGap } from './frame-gap.ts';

const ms = 1_000;

test('a fault is found where it was, to within the longest time that is between two frames', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 200 * ms, max: 900 * ms }),
      fc.integer({ min: 100 * ms, max: 500 * ms }),
      fc.array(fc.integer({ min: 0, max: 3 * ms }), { minLength: 2000, maxLength: 2000 }),
      (fromUs, lengthUs, waits) => {
        const toUs = fromUs + lengthUs;
        let sentUs = 0;
        const stamps = waits.flatMap((waitUs) => {
          sentUs += 1 * ms + waitUs;
          return sentUs >= fromUs && sentUs < toUs ? [] : [sentUs];
        });
        const gap = longestGap(stamps);
        assert.ok(Math.abs(gap.from.atUs - fromUs) <= 4 * ms);
        assert.ok(Math.abs(gap.to.atUs - toUs) <= 4 * ms);
      },
    ),
    { numRuns: 50 },
  );
});

test('frames that come evenly tell an instant to within half of what is between two of them', () => {
  const stamps = [0, 10, 20, 30, 100, 110, 120];
  assert.deepEqual(longestGap(stamps), { from: { atUs: 35, errorUs: 5 }, to: { atUs: 95, errorUs: 5 } });
});

test('two instants are apart by as much as both errors leave open', () => {
  const [one, other] = [
    { atUs: 40, errorUs: 5 },
    { atUs: 10, errorUs: 7 },
  ];
  assert.deepEqual([apart(one, other), apart(other, one)], Array(2).fill({ atUs: 30, errorUs: 12 }));
});

test('a frame alone tells nothing', () => {
  assert.throws(() => longestGap([5]), RangeError);
  assert.throws(() => longestGap([5, 100, 110]), RangeError);
});
