import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseClasses } from './choice.ts';

test('the same seed chooses the same classes, another seed others', () => {
  const weights = [1, 2, 3];
  assert.deepEqual(chooseClasses(weights, 1000, 7), chooseClasses(weights, 1000, 7));
  assert.notDeepEqual(chooseClasses(weights, 1000, 7), chooseClasses(weights, 1000, 8));
});

test('each class is chosen in proportion to its weight', () => {
  const requests = 100_000;
  const chosen = chooseClasses([1, 3, 6], requests, 4_294_967_295);
  for (const [index, share] of [0.1, 0.3, 0.6].entries()) {
    const found = chosen.filter((one) => one === index).length / requests;
    // Five standard deviations of a binomial share.
    assert.ok(
      Math.abs(found - share) < 5 * Math.sqrt((share * (1 - share)) / requests),
      `${index}: ${found}`,
    );
  }
});

test('a single class needs no choice', () => {
  assert.deepEqual(chooseClasses([5], 3, 1), new Uint16Array(3));
});
