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

test('nothing of a producer that was never seen is all that it announced', () => {
  assert.deepEqual(new Seen().missing(scope, 'p', '0000000a', 2), [[0, 2]]);
});

test('producers, incarnations and scopes do not hide one another', () => {
  const seen = new Seen();
  assert.equal(seen.add(identity(0)), true);
  assert.equal(seen.add(identity(0)), false);
  assert.equal(seen.add(identity(0, { producer: 'q' })), true);
  assert.equal(seen.add(identity(0, { incarnation: '0000000b' })), true);
  assert.equal(seen.add(identity(0, { attempt: 2 })), true);
  assert.equal(seen.add({ producer: 'p', incarnation: '0000000a', seq: 0 }), true);
  assert.deepEqual(seen.missing(scope, 'p', '0000000a', 1), [[1, 1]]);
});

test('a scope that was forgotten is empty, the others are not', () => {
  const seen = new Seen();
  seen.add(identity(0));
  seen.add(identity(0, { attempt: 2 }));
  seen.forget(scope);
  assert.deepEqual(seen.missing(scope, 'p', '0000000a', 0), [[0, 0]]);
  assert.deepEqual(seen.missing({ ...scope, attempt: 2 }, 'p', '0000000a', 0), []);
});
