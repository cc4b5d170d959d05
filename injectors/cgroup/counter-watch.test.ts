import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { CounterWatch } from './counter-watch.ts';

test('a look begins when the one before has ended, however long that takes', async () => {
  let [underWay, most, looks] = [0, 0, 0];
  const ended = new Promise<void>((resolve) => {
    const watch = new CounterWatch(
      0,
      async () => {
        most = Math.max(most, ++underWay);
        await sleep(20);
        underWay -= 1;
        if (++looks === 5) {
          watch.stop();
          resolve();
        }
        return looks;
      },
      1,
    );
  });
  const alive = setInterval(() => undefined, 1_000);
  await ended;
  clearInterval(alive);
  assert.equal(most, 1);
});

test('a look that fails is followed by another, and none follows the end', async () => {
  let looks = 0;
  const watch = new CounterWatch(
    3,
    async () => {
      looks += 1;
      return looks === 1 ? await Promise.reject(new Error('not now')) : await Promise.resolve(3 + looks);
    },
    1,
  );
  while (looks < 2) await sleep(1);
  watch.stop();
  const { count, firstUs, lastUs } = await watch.effects();
  const counted = looks;
  assert.equal(count, counted);
  assert.ok(firstUs !== undefined && lastUs !== undefined && firstUs <= lastUs);
  await sleep(20);
  assert.equal(looks, counted);
});
