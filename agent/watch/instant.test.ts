import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instantOf, type Reading } from './instant.ts';

/** The wall clock shows 1 000 s, the monotonic one 40 s. */
const reading: Reading = { wallUs: 1_000_000_000, monoUs: 40_000_000 };
const minute = 60_000_000;

test('a line was written when its stamp says, in the monotonic clock', () => {
  const stamps = [{ wallUs: 999_000_000, resolutionUs: 10_000 }];
  assert.deepEqual(instantOf(stamps, reading), { monoUs: 39_000_000, resolutionUs: 10_000, stamped: true });
});

test('a stamp is no more exact than the wall clock is read', () => {
  assert.equal(instantOf([{ wallUs: 999_000_000, resolutionUs: 1 }], reading).resolutionUs, 1_000);
});

test('a line without a stamp was written when it was read', () => {
  assert.deepEqual(instantOf([], reading), { monoUs: 40_000_000, resolutionUs: 0, stamped: false });
});

test('of what a stamp may mean, the nearest to the reading is believed', () => {
  const stamps = [-60, 0, 60].map((minutes) => ({
    wallUs: 999_500_000 + minutes * minute,
    resolutionUs: 1_000,
  }));
  assert.equal(instantOf(stamps, reading).monoUs, 39_500_000);
});

for (const [what, wallUs] of [
  ['a quarter of an hour ago', 1_000_000_000 - 15 * minute],
  ['in two seconds', 1_002_000_000],
] as const) {
  test(`a stamp of ${what} is of another clock, and is not believed`, () => {
    const found = instantOf([{ wallUs, resolutionUs: 1_000_000 }], reading);
    assert.deepEqual(found, { monoUs: 40_000_000, resolutionUs: 0, stamped: false });
  });
}

test('a stamp that is a little ahead does not make a line later than its reading', () => {
  assert.equal(instantOf([{ wallUs: 1_000_400_000, resolutionUs: 1_000_000 }], reading).monoUs, 40_000_000);
});

test('a stamp of the monotonic clock is taken as it is', () => {
  assert.deepEqual(instantOf([{ monoUs: 39_000_001, resolutionUs: 3 }], reading), {
    monoUs: 39_000_001,
    resolutionUs: 3,
    stamped: true,
  });
});
