import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { repeat, restMs } from './pace.ts';

test('what is quick is done as often as is usual', () => {
  assert.equal(restMs(1, 20), 20);
  assert.equal(restMs(0, 20), 20);
});

test('what is slow takes a tenth of the time at the most', () => {
  assert.equal(restMs(100, 20), 900);
});

test('after what was very slow there is no rest of minutes, since the next time may be quick', () => {
  assert.equal(restMs(100_000, 20), 60_000);
  assert.equal(restMs(100_000, 90_000), 90_000);
});

test('a repetition waits for the one before it, goes on when one fails, and ends when it is told', async () => {
  let [underWay, most, times] = [0, 0, 0];
  const stop = repeat(async () => {
    times += 1;
    underWay += 1;
    most = Math.max(most, underWay);
    await sleep(5);
    underWay -= 1;
    throw new Error('it cannot be read now');
  }, 1);
  while (times < 3) await sleep(5);
  stop();
  await sleep(5);
  const atTheEnd = times;
  await sleep(150);
  assert.deepEqual([most, times], [1, atTheEnd]);
});
