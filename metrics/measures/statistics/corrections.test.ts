import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { holm } from './holm.ts';
import { newcombe } from './newcombe.ts';

const about = (found: number | undefined, expected: number, within = 1e-12): void => {
  assert.ok(Math.abs((found ?? NaN) - expected) <= within, `${found} is not ${expected}`);
};

test('Holm: the least of four counts four times, the next three times, and none falls below the one before', () => {
  const found = holm([0.04, 0.01, 0.03, 0.005]);
  for (const [place, expected] of [0.06, 0.03, 0.06, 0.02].entries()) about(found[place], expected);
});

test('Holm: one alone stays, twelve of 0.0079 are 0.095 each, and no p is above 1', () => {
  assert.deepEqual(holm([0.04]), [0.04]);
  for (const p of holm(new Array<number>(12).fill(2 / 252))) about(p, 24 / 252);
  assert.deepEqual(holm([0.9, 0.8]), [1, 1]);
  assert.deepEqual(holm([]), []);
});

test('Holm keeps the order, lowers no p, and goes no further than Bonferroni', () => {
  const ps = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(ps, (all) => {
      const corrected = holm(all);
      for (const [place, p] of all.entries()) {
        const own = corrected[place] ?? NaN;
        assert.ok(p <= own && own <= Math.min(1, p * all.length));
        for (const [other, q] of all.entries()) if (p < q) assert.ok(own <= (corrected[other] ?? NaN));
      }
    }),
  );
});

test('Newcombe: 56 of 70 less 48 of 80 is 0.2, between 0.0524 and 0.3339', () => {
  const found = newcombe({ k: 56, n: 70 }, { k: 48, n: 80 });
  about(found?.difference, 0.2);
  about(found?.low, 0.0524, 5e-5);
  about(found?.high, 0.3339, 5e-5);
});

test('Newcombe: 10 of 10 less 0 of 10 may be as little as 0.6075, and 0 of 10 less 0 of 20 lies around nothing', () => {
  const apart = newcombe({ k: 10, n: 10 }, { k: 0, n: 10 });
  about(apart?.low, 0.6075, 5e-5);
  about(apart?.high, 1);
  const none = newcombe({ k: 0, n: 10 }, { k: 0, n: 20 });
  about(none?.low, -0.1611, 5e-5);
  about(none?.high, 0.2775, 5e-5);
  assert.equal(newcombe({ k: 0, n: 0 }, { k: 1, n: 2 }), undefined);
});

test('the difference of two shares lies in its interval, and turns round with the sides', () => {
  const share = fc.integer({ min: 1, max: 100 }).chain((n) => fc.record({ k: fc.nat(n), n: fc.constant(n) }));
  fc.assert(
    fc.property(share, share, (one, other) => {
      const [found, turned] = [newcombe(one, other), newcombe(other, one)];
      assert.ok(found !== undefined && turned !== undefined);
      assert.ok(-1 - 1e-12 <= found.low && found.low <= found.difference && found.difference <= found.high);
      about(turned.low, -found.high);
    }),
  );
});
