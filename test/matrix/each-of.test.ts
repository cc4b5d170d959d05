import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eachOf } from './each-of.ts';

test('each item is worked on once, and never more of them at a time than said', async () => {
  const begun: number[] = [];
  let atWork = 0;
  let most = 0;
  await eachOf([1, 2, 3, 4, 5], 2, async (item) => {
    begun.push(item);
    most = Math.max(most, (atWork += 1));
    await Promise.resolve();
    atWork -= 1;
  });
  assert.deepEqual(begun, [1, 2, 3, 4, 5]);
  assert.equal(most, 2);
});
