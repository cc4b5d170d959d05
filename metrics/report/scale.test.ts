import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linearScale, logarithmicScale, timeScale } from './scale.ts';

test('a linear scale begins at 0 and ends at a round number', () => {
  const { place, ticks } = linearScale([12, 253]);
  assert.deepEqual(ticks, [0, 150, 300]);
  assert.deepEqual([place(0), place(150), place(300), place(900)], [0, 0.5, 1, 1]);
  assert.deepEqual(linearScale([]).ticks, [0, 0.5, 1]);
});

test('a logarithmic scale spans at least a decade, and labels whole ones where it is long', () => {
  assert.deepEqual(logarithmicScale([2_500, 3_000]).ticks, [2_000, 5_000, 10_000, 20_000]);
  const { place, ticks } = logarithmicScale([1_000, 90_000]);
  assert.deepEqual(ticks, [1_000, 10_000, 100_000]);
  assert.deepEqual([place(0), place(1_000), place(10_000), place(100_000)], [0, 0, 0.5, 1]);
});

test('time is labelled at round distances from its zero', () => {
  const { place, ticks } = timeScale(1_003_000_000, 1_063_000_000, 1_013_000_000);
  assert.deepEqual(
    ticks,
    [-10, 0, 10, 20, 30, 40, 50].map((s) => 1_013_000_000 + s * 1e6),
  );
  assert.equal(place(1_033_000_000), 0.5);
});
