import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cliffsDelta } from './cliffs-delta.ts';
import { dominance, dominanceScores } from './dominance.ts';
import { normalTails } from './normal-tails.ts';
import { permutationTest, type Stratum } from './permutation-test.ts';
import { smallestP } from './smallest-p.ts';

const about = (found: number | undefined, expected: number, within = 1e-12): void => {
  assert.ok(Math.abs((found ?? NaN) - expected) <= within, `${found} is not ${expected}`);
};
const pOf = (...strata: Stratum[]): number | undefined => permutationTest(strata, 1)?.p;

// Few different values, so that there are ties; and those that never came.
const value = fc.oneof(fc.nat(6), fc.constant(Infinity));
const some = fc.array(value, { minLength: 1, maxLength: 6 });
const stratum = fc.record({ ones: some, others: some });

test('five that are all above five others: 2 of the 252 ways are as far apart, and their delta is 1', () => {
  const [low, high] = [
    [1, 2, 3, 4, 5],
    [6, 7, 8, 9, 10],
  ];
  about(pOf({ ones: high, others: low }), 2 / 252);
  about(pOf({ ones: low, others: high }), 2 / 252);
  assert.equal(cliffsDelta(high, low)?.delta, 1);
  assert.equal(cliffsDelta(low, high)?.delta, -1);
});

test('equal values count for neither side: of 1, 2 against 2, 3 four of six ways are as far apart', () => {
  // The scores are -3, 0, 0, 3; the dominance of the ones is -3, and so is that of two ways; of two others it is 3, of two 0.
  assert.deepEqual(dominanceScores([1, 2, 2, 3]), [-3, 0, 0, 3]);
  about(pOf({ ones: [1, 2], others: [2, 3] }), 4 / 6);
  assert.equal(cliffsDelta([1, 2], [2, 3])?.delta, -3 / 4);
});

test('where ties leave no way to be as far below as above, the p is still that of both sides', () => {
  // One of the three ways has the 9 alone, and dominates by 2; the other two are dominated by 1.
  about(pOf({ ones: [9], others: [1, 1] }), 2 / 3);
});

test('what never came is above all that came, and as far as what never came either', () => {
  assert.equal(dominance([Infinity, 5], [Infinity, 4]), 1);
  about(pOf({ ones: [Infinity, Infinity, 9], others: [1, 2, 3] }), 2 / 20);
  about(pOf({ ones: [Infinity], others: [Infinity] }), 1);
});

test('within blocks of one against one only the sides can change: 2 of 32 in five of them', () => {
  const blocks = [10, 20, 30, 40, 50].map((level) => ({ ones: [level + 1], others: [level] }));
  about(pOf(...blocks), 2 / 32);
});

test('two blocks of two against two: 2 of 36 ways, whatever lies between the blocks', () => {
  about(pOf({ ones: [3, 4], others: [1, 2] }, { ones: [103, 104], others: [101, 102] }), 2 / 36);
});

test('a block where one side is missing says nothing', () => {
  about(pOf({ ones: [3, 4], others: [1, 2] }, { ones: [9], others: [] }), 2 / 6);
  assert.equal(pOf({ ones: [9], others: [] }), undefined);
  assert.equal(cliffsDelta([], [1]), undefined);
});

test('the exact test counts what going through every permutation counts', () => {
  fc.assert(
    fc.property(fc.array(stratum, { minLength: 1, maxLength: 2 }), (strata) => {
      const sums = strata
        .map(everyDominance)
        .reduce((all, next) => all.flatMap((a) => next.map((b) => a + b)));
      const seen = strata.reduce((sum, { ones, others }) => sum + dominance(ones, others), 0);
      const [low, high] = [sums.filter((sum) => sum <= seen), sums.filter((sum) => sum >= seen)];
      about(pOf(...strata), Math.min(1, (2 * Math.min(low.length, high.length)) / sums.length));
    }),
    { numRuns: 50 },
  );
});

/** What the dominance of the ones would be for each choice of them. */
function everyDominance({ ones, others }: Stratum): number[] {
  const all = [...ones, ...others];
  const choices = Array.from({ length: 2 ** all.length }, (_, bits) =>
    all.map((_, place) => (bits >> place) % 2),
  );
  return choices
    .filter((bits) => bits.filter((bit) => bit === 1).length === ones.length)
    .map((bits) =>
      dominance(
        all.filter((_, place) => bits[place] === 1),
        all.filter((_, place) => bits[place] === 0),
      ),
    );
}

test('no p of a design is below the smallest that it can reach, and all above all reaches it', () => {
  fc.assert(
    fc.property(fc.array(stratum, { minLength: 1, maxLength: 3 }), (strata) => {
      const sizes = strata.map(({ ones, others }) => ({ ones: ones.length, others: others.length }));
      const least = smallestP(sizes);
      assert.ok((pOf(...strata) ?? NaN) >= least * (1 - 1e-9));
      const apart = sizes.map(({ ones, others }) => ({
        ones: Array.from({ length: ones }, (_, place) => 100 + place),
        others: Array.from({ length: others }, (_, place) => place),
      }));
      about(pOf(...apart), least);
    }),
  );
});

test('five against five reach 0.0079, which among twelve is 0.095; five against sixty reach less', () => {
  about(smallestP([{ ones: 5, others: 5 }]), 2 / 252);
  about(12 * smallestP([{ ones: 5, others: 5 }]), 0.095, 5e-4);
  about(smallestP([{ ones: 5, others: 60 }]), 2 / 8_259_888);
  assert.equal(smallestP([{ ones: 5, others: 0 }]), 1);
});

test('what is too much to count is drawn, says so, and comes near what the normal distribution says', () => {
  const ones = Array.from({ length: 300 }, (_, place) => place * 2 + 43);
  const others = Array.from({ length: 300 }, (_, place) => place * 2);
  const found = permutationTest([{ ones, others }], 1);
  assert.equal(found?.method, 'monte-carlo');
  // Of 300 against 300: the dominance is 300 * 300 less twice the pairs the other way round, its spread sqrt(n m (n + m + 1) / 3).
  const deviations = dominance(ones, others) / Math.sqrt((300 * 300 * 601) / 3);
  about(found.p, normalTails(deviations), 0.002);
  about(normalTails(deviations), 0.0034, 1e-4);
  assert.deepEqual(found, permutationTest([{ ones, others }], 1));
  assert.notDeepEqual(found, permutationTest([{ ones, others }], 2));
});

test('the delta lies in its interval, and turns round with the sides', () => {
  fc.assert(
    fc.property(some, some, (ones, others) => {
      const [effect, turned] = [cliffsDelta(ones, others), cliffsDelta(others, ones)];
      assert.ok(effect !== undefined && turned !== undefined);
      assert.ok(
        -1 <= effect.low && effect.low <= effect.delta && effect.delta <= effect.high && effect.high <= 1,
      );
      about(turned.delta, -effect.delta);
      about(turned.low, -effect.high);
    }),
  );
});

test('five above five may be chance: the interval of their delta ends where the score equation holds', () => {
  const { low = NaN, high } = cliffsDelta([6, 7, 8, 9, 10], [1, 2, 3, 4, 5]) ?? {};
  assert.equal(high, 1);
  // The chance p at which 1 - p is 1.96 standard deviations: p (1 - p) (1 + 4 (1 - p)/(2 - p) + 4 p/(1 + p)) / 25.
  const p = (1 + low) / 2;
  const variance = (p * (1 - p) * (1 + (4 * (1 - p)) / (2 - p) + (4 * p) / (1 + p))) / 25;
  about(1 - p, 1.959963984540054 * Math.sqrt(variance), 1e-9);
  assert.ok(low > 0.25 && low < 0.35, `${low}`);
});

test('more values of the same delta have a narrower interval', () => {
  const width = (times: number): number => {
    const repeat = (values: number[]): number[] => Array.from({ length: times }, () => values).flat();
    const { low = NaN, high = NaN } = cliffsDelta(repeat([2, 3, 4]), repeat([1, 2, 3])) ?? {};
    return high - low;
  };
  assert.ok(width(1) > width(2) && width(2) > width(8));
});
