import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Effects } from '../injectors/injector.ts';
import { addPart, wholeOf, type EarlierParts } from './earlier-parts.ts';

function wholeOfAll(parts: readonly Effects[]): Effects {
  const all = parts.reduce<EarlierParts | undefined>(addPart, undefined);
  assert.ok(all);
  return wholeOf(all, 'docker/web');
}

test('the effects of all instances are added up, from the first of them to the last', () => {
  const whole = wholeOfAll([
    { count: 2, firstUs: 10, lastUs: 20 },
    { count: 0 },
    { count: 5, firstUs: 30, lastUs: 40 },
  ]);
  assert.deepEqual(whole, {
    count: 7,
    firstUs: 10,
    lastUs: 40,
    remark: 'it met 3 instances of docker/web (1: 2, 2: 0, 3: 5)',
  });
});

test('an instance of which nothing is known makes the sum unknown, wherever it comes', () => {
  const count = fc.oneof(fc.nat(1_000), fc.constant('unknown' as const));
  fc.assert(
    fc.property(fc.array(count, { minLength: 1, maxLength: 30 }), (counts) => {
      const known = counts.filter((one) => one !== 'unknown');
      const expected =
        known.length < counts.length ? 'unknown' : known.reduce((total, one) => total + one, 0);
      assert.equal(wholeOfAll(counts.map((one) => ({ count: one }))).count, expected);
    }),
  );
});

test('each instance is told with its own dose and remark', () => {
  const dose = { unit: 'share of frames', asked: 0.3, achieved: 0.28571 };
  const { remark } = wholeOfAll([{ count: 4, dose, remark: 'the device was removed' }, { count: 1 }]);
  assert.match(
    remark ?? '',
    /\(1: 4 with a dose of 0\.286 of 0\.3 share of frames; the device was removed, 2: 1\)/,
  );
});

test('of many instances all are counted and the first are told', () => {
  const { count, remark = '' } = wholeOfAll(Array.from({ length: 500 }, () => ({ count: 1 })));
  assert.equal(count, 500);
  assert.match(remark, /it met 500 instances .*8: 1, \.\.\)$/);
  assert.ok(remark.length < 200);
});
