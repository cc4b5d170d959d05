import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Identity } from './event.ts';
import { Ranges } from './ranges.ts';
import { Seen } from './seen.ts';

const scope = { campaign: 'c', trial: 't', attempt: 1 };

function identity(seq: number, changed: Partial<Identity> = {}): Identity {
  return { producer: 'p', incarnation: '0000000a', seq, ...scope, ...changed };
}

test('each number is new once, whatever the order and however often it comes', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(60)), fc.nat(70), (numbers, last) => {
      const ranges = new Ranges();
      const known = new Set<number>();
      for (const number of numbers) {
        assert.equal(ranges.add(number), !known.has(number));
        known.add(number);
      }
      const missing = ranges
        .missing(last)
        .flatMap(([first, end]) => Array.from({ length: end - first + 1 }, (_, index) => first + index));
      const expected = Array.from({ length: last + 1 }, (_, number) => number).filter((n) => !known.has(n));
      assert.deepEqual(missing, expected);
    }),
  );
});

test('what is missing is told in as few ranges as there are gaps', () => {
  const ranges = new Ranges();
  for (const number of [0, 1, 4, 5, 9]) ranges.add(number);
  assert.deepEqual(ranges.missing(11), [
    [2, 3],
    [6, 8],
    [10, 11],
  ]);
  assert.deepEqual(ranges.missing(1), []);
});

test('those above a number are counted, also where a range reaches over it', () => {
  const ranges = new Ranges();
  for (const number of [0, 1, 4, 5, 9]) ranges.add(number);
  assert.deepEqual(
    [-1, 0, 4, 8, 9].map((last) => ranges.above(last)),
    [5, 4, 2, 1, 0],
  );
});

test('producers, incarnations and scopes do not hide one another', () => {
  const seen = new Seen();
  assert.equal(seen.add(identity(0)), true);
  assert.equal(seen.add(identity(0)), false);
  assert.equal(seen.add(identity(0, { producer: 'q' })), true);
  assert.equal(seen.add(identity(0, { incarnation: '0000000b' })), true);
  assert.equal(seen.add(identity(0, { attempt: 2 })), true);
  assert.equal(seen.add({ producer: 'p', incarnation: '0000000a', seq: 0 }), true);
});
