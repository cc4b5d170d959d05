import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bootstrap } from './bootstrap.ts';
import { clopperPearson } from './clopper-pearson.ts';
import { fisherExact } from './fisher.ts';
import { kaplanMeier, medianTime, restrictedMean, type Observation } from './kaplan-meier.ts';
import { percentile } from './nearest-rank.ts';
import { percentileInterval } from './percentile-interval.ts';
import { wilson } from './wilson.ts';

const about = (found: number, expected: number): void => {
  assert.ok(Math.abs(found - expected) <= 1e-12, `${found} is not ${expected}`);
};

const shares = fc.nat(200).chain((n) => fc.tuple(fc.nat(n), fc.constant(n)));

for (const [name, interval] of [
  ['Wilson', wilson],
  ['Clopper-Pearson', clopperPearson],
] as const) {
  test(`the ${name} interval holds the share, within 0 and 1`, () => {
    fc.assert(
      fc.property(shares, ([k, less]) => {
        const n = less + 1;
        const { low, high } = interval(k, n);
        assert.ok(low >= 0 && low <= k / n && k / n <= high && high <= 1);
      }),
    );
  });

  test(`the ${name} interval rises with the number that hold`, () => {
    fc.assert(
      fc.property(shares, ([k, less]) => {
        const n = less + 1;
        const [one, more] = [interval(k, n), interval(k + 1, n)];
        assert.ok(one.low < more.low && one.high < more.high);
      }),
    );
  });

  test(`the ${name} interval of the opposite is the opposite interval`, () => {
    fc.assert(
      fc.property(shares, ([k, less]) => {
        const n = less + 1;
        const [one, opposite] = [interval(k, n), interval(n - k, n)];
        about(one.low, 1 - opposite.high);
      }),
    );
  });
}

test('where none or all hold, the Clopper-Pearson interval is known in closed form', () => {
  about(clopperPearson(0, 5).high, 1 - 0.025 ** (1 / 5));
  assert.equal(clopperPearson(0, 5).low, 0);
  about(clopperPearson(5, 5).low, 0.025 ** (1 / 5));
  assert.equal(clopperPearson(5, 5).high, 1);
});

test('Fisher on four of four against none of four: 2 of the 70 ways are as far apart', () => {
  about(fisherExact({ k: 4, n: 4 }, { k: 0, n: 4 }), 2 / 70);
});

test('Fisher on three of four against one of four, the lady who tasted tea: 34 of 70', () => {
  about(fisherExact({ k: 3, n: 4 }, { k: 1, n: 4 }), 34 / 70);
});

test('Fisher finds no difference between equal shares, and does not care which side is which', () => {
  fc.assert(
    fc.property(shares, shares, ([k, n], [l, m]) => {
      assert.ok(fisherExact({ k, n }, { k, n }) > 1 - 1e-9);
      about(fisherExact({ k, n }, { k: l, n: m }), fisherExact({ k: l, n: m }, { k, n }));
    }),
  );
});

const came = (after: number): Observation => ({ after, came: true });
const lost = (after: number): Observation => ({ after, came: false });

test('Kaplan-Meier: who was lost is at risk until then, also at the instant itself', () => {
  // 5 at risk at 1, 4 at 2 (one of them is lost there), 2 at 4.
  const steps = kaplanMeier([came(2), lost(2), came(1), came(4), lost(5)]);
  assert.deepEqual(
    steps.map(({ at }) => at),
    [1, 2, 4],
  );
  for (const [index, expected] of [4 / 5, (4 / 5) * (3 / 4), (4 / 5) * (3 / 4) * (1 / 2)].entries()) {
    about(steps[index]?.waiting ?? NaN, expected);
  }
  assert.equal(medianTime(steps), 4);
  // 1 until 1, 0.8 until 2, 0.6 until 4, 0.3 until 5.
  about(restrictedMean(steps, 5), 1 + 0.8 + 1.2 + 0.3);
  about(restrictedMean(steps, 3), 1 + 0.8 + 0.6);
});

test('where nobody is lost before the horizon, the restricted mean is the mean of what was waited until then', () => {
  const times = fc.array(fc.nat(100), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(times, fc.integer({ min: 1, max: 120 }), (all, horizon) => {
      const mean = all.reduce((sum, after) => sum + Math.min(after, horizon), 0) / all.length;
      const found = restrictedMean(kaplanMeier(all.map(came)), horizon);
      assert.ok(Math.abs(found - mean) < 1e-9, `${found} is not ${mean}`);
    }),
  );
});

test('the share that still waits never rises, and stays within 0 and 1', () => {
  const some = fc.array(fc.record({ after: fc.nat(20), came: fc.boolean() }), { maxLength: 30 });
  fc.assert(
    fc.property(some, (observations) => {
      let before = 1;
      for (const { waiting } of kaplanMeier(observations)) {
        assert.ok(waiting <= before && waiting >= 0);
        before = waiting;
      }
    }),
  );
});

test('a percentile is a value that at least so many percent do not exceed, and fewer are below', () => {
  const values = fc.array(fc.integer(), { minLength: 1 });
  fc.assert(
    fc.property(values, fc.integer({ min: 1, max: 100 }), (all, percent) => {
      const found = percentile(all, percent) ?? NaN;
      const share = (holds: (value: number) => boolean): number =>
        (100 * all.filter(holds).length) / all.length;
      assert.ok(share((value) => value <= found) >= percent);
      assert.ok(share((value) => value < found) < percent);
    }),
  );
});

const median = (values: readonly number[]): number => percentile(values, 50) ?? NaN;

test('a bootstrap interval lies within the values, and widens to nothing where they are all one', () => {
  const values = fc.array(fc.nat(1000), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(values, fc.nat(), (all, seed) => {
      const { low, high } = bootstrap(all, median, seed);
      assert.ok(Math.min(...all) <= low && low <= high && high <= Math.max(...all));
    }),
    { numRuns: 20 },
  );
  assert.deepEqual(bootstrap([7, 7, 7], median, 1), { low: 7, high: 7 });
});

test('a bootstrap interval moves with the values', () => {
  const values = fc.array(fc.nat(1000), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(values, fc.nat(), (all, seed) => {
      const { low, high } = bootstrap(all, median, seed);
      const moved = bootstrap(
        all.map((value) => value + 5),
        median,
        seed,
      );
      assert.deepEqual(moved, { low: low + 5, high: high + 5 });
    }),
    { numRuns: 20 },
  );
});

test('the bootstrap draws what its seed says, and with another one something else', () => {
  const values = Array.from({ length: 200 }, (_, index) => index ** 2);
  const mean = (some: readonly number[]): number => some.reduce((sum, value) => sum + value, 0) / some.length;
  assert.deepEqual(bootstrap(values, mean, 1), bootstrap(values, mean, 1));
  assert.notDeepEqual(bootstrap(values, mean, 1), bootstrap(values, mean, 2));
});

test('the interval of a median needs no draws: of five values the first and the last, since 5.8% of the draws have it at the first', () => {
  // Three of five among one of five: 10 * 0.2^3 * 0.8^2 + 5 * 0.2^4 * 0.8 + 0.2^5 = 5.8%, more than 2.5%; among four of five 94.2%, less than 97.5%.
  assert.deepEqual(percentileInterval([5, 1, 4, 2, 3], 50), { low: 1, high: 5 });
  assert.deepEqual(percentileInterval([7], 90), { low: 7, high: 7 });
  // All three of three are the first: 3.7%.
  assert.deepEqual(percentileInterval([1, Infinity, 2], 90), { low: 1, high: Infinity });
  assert.equal(percentileInterval([], 50), undefined);
});
