import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { choose, seeded } from './seeded.ts';

test('the same seed and purpose give the same numbers on every machine', () => {
  const random = seeded(20261121, 'in');
  assert.deepEqual(
    [random(), random(), random()].map((number) => Math.floor(number * 1e6)),
    [31_400, 57_352, 994_850],
  );
});

test('another seed, and another purpose, give other numbers', () => {
  const firsts = new Set<number>();
  for (let seed = 0; seed < 500; seed += 1) {
    for (const purpose of ['in', 'out']) firsts.add(seeded(seed, purpose)());
  }
  assert.equal(firsts.size, 1000);
});

test('the numbers spread evenly', () => {
  const random = seeded(7, 'evenly');
  const tenths = new Array<number>(10).fill(0);
  for (let draw = 0; draw < 10_000; draw += 1) {
    const tenth = Math.floor(random() * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  // 1000 are expected in each; six standard deviations are 180.
  for (const count of tenths) assert.ok(Math.abs(count - 1000) < 180, `${count} of 1000`);
});

test('a choice has as many different numbers as asked, in order, all below the bound', () => {
  const counts = fc.tuple(fc.integer(), fc.integer({ min: 0, max: 200 }), fc.nat(200));
  fc.assert(
    fc.property(counts, ([seed, below, wanted]) => {
      const count = Math.min(wanted, below);
      const chosen = choose(count, below, seeded(seed, 'choice'));
      assert.equal(new Set(chosen).size, count);
      assert.deepEqual(
        chosen,
        chosen.toSorted((one, other) => one - other),
      );
      assert.ok(chosen.every((number) => number >= 0 && number < below));
    }),
  );
});
