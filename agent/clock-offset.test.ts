import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ClockOffset } from './clock-offset.ts';

test('the true offset is within the error of the best reading, however uneven the ways to and fro', () => {
  const exchange = fc.record({
    pauseUs: fc.integer({ min: 1_000, max: 5_000_000 }),
    thereUs: fc.integer({ min: 0, max: 200_000 }),
    backUs: fc.integer({ min: 0, max: 200_000 }),
  });
  fc.assert(
    fc.property(
      fc.integer({ min: -1e12, max: 1e12 }),
      fc.array(exchange, { minLength: 1, maxLength: 40 }),
      (offsetUs, exchanges) => {
        const clock = new ClockOffset();
        let nowUs = 1_000_000;
        for (const { pauseUs, thereUs, backUs } of exchanges) {
          nowUs += pauseUs;
          clock.read(nowUs, nowUs + thereUs + offsetUs, nowUs + thereUs + backUs);
          nowUs += thereUs + backUs;
        }
        const best = clock.best();
        assert.ok(best);
        assert.ok(Math.abs(best.offsetUs - offsetUs) <= best.errorUs + 1);
        assert.equal(clock.toOwn(5_000_000), 5_000_000 - best.offsetUs);
      },
    ),
  );
});

test('the shortest of the recent exchanges is the one that counts, and an old one counts no more', () => {
  const clock = new ClockOffset();
  assert.equal(clock.best(), undefined);
  clock.read(0, 1_000_100, 200);
  clock.read(500_000, 1_505_000, 510_000);
  assert.equal(clock.best()?.errorUs, 100);
  clock.read(60_000_000, 61_005_000, 60_010_000);
  assert.equal(clock.best()?.errorUs, 5_000);
});

test('a controller whose clock is another one is believed at once', () => {
  const clock = new ClockOffset();
  clock.read(0, 1_000_100, 200);
  clock.read(500_000, 900_505_000, 510_000);
  assert.equal(clock.best()?.offsetUs, 900_000_000);
});
