import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { mannKendall } from './mann-kendall.ts';
import { normalTails } from './normal-tails.ts';
import { theilSen } from './theil-sen.ts';

const about = (found: number | undefined, expected: number, within = 1e-12): void => {
  assert.ok(Math.abs((found ?? NaN) - expected) <= within, `${found} is not ${expected}`);
};

test('four values that rise each time: 2 of the 24 orders are as clear', () => {
  assert.deepEqual(mannKendall([1, 2, 3, 4])?.tau, 1);
  about(mannKendall([1, 2, 3, 4])?.p, 2 / 24);
  about(mannKendall([4, 3, 2, Infinity])?.p, 1);
});

test('of 1, 1, 2 the three orders rise by 2, by 0, and by -2', () => {
  about(mannKendall([1, 1, 2])?.p, 2 / 3);
  about(mannKendall([1, 1, 2])?.tau, 2 / 3);
  about(mannKendall([1, 2, 1])?.p, 1);
  about(mannKendall([3, 3, 3])?.p, 1);
});

test('one value has no trend', () => {
  assert.equal(mannKendall([1]), undefined);
  assert.equal(theilSen([{ at: 0, value: 1 }]), undefined);
});

test('the exact test of a trend counts what going through every order counts', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(3), { minLength: 2, maxLength: 6 }), (values) => {
      const all = orders(values).map(rising);
      const asFar = all.filter((one) => Math.abs(one) >= Math.abs(rising(values))).length;
      about(mannKendall(values)?.p, asFar / all.length);
    }),
    { numRuns: 50 },
  );
});

function rising(values: readonly number[]): number {
  return values
    .flatMap((one, place) => values.slice(place + 1).map((later) => Math.sign(later - one)))
    .reduce((sum, one) => sum + one, 0);
}

function orders(values: readonly number[]): number[][] {
  if (values.length < 2) return [[...values]];
  return values.flatMap((value, place) => orders(values.toSpliced(place, 1)).map((rest) => [value, ...rest]));
}

test('of many values the normal distribution takes over without a step', () => {
  const wave = (count: number): number[] =>
    Array.from({ length: count }, (_, place) => ((place * 37) % 61) + place / 4);
  const [exact, normal] = [mannKendall(wave(60)), mannKendall(wave(61))];
  assert.equal(exact?.method, 'exact');
  assert.equal(normal?.method, 'normal');
  about(normal.p, exact.p, 0.02);
});

test('1.96 standard deviations leave 5%, 3 leave 0.27%, and none leaves all', () => {
  about(normalTails(1.959963984540054), 0.05);
  about(normalTails(-3), 0.002699796063260189);
  about(normalTails(2.9999999999), 0.002699796063260189, 1e-11);
  about(normalTails(0), 1);
  about(normalTails(10) * 1e23, 1.523970604832094, 1e-11);
});

test('the slope of Theil and Sen is the middle of all slopes, and one stray point does not turn it', () => {
  // The slopes are 1, 1, 97/3, 1, 48, 95: the middle two are 1 and 97/3.
  const points = [1, 2, 3, 98].map((value, at) => ({ at, value }));
  about(theilSen(points), (1 + 97 / 3) / 2);
  about(theilSen([...points, { at: 4, value: 5 }, { at: 5, value: 6 }]), 1);
  assert.equal(theilSen([...points, { at: 4, value: Infinity }]), undefined);
});
