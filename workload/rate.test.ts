import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRatePerS } from './rate.ts';

test('a rate is a number per second or per minute', () => {
  assert.equal(parseRatePerS('250/s'), 250);
  assert.equal(parseRatePerS('0.5/s'), 0.5);
  assert.equal(parseRatePerS('30/m'), 0.5);
});

test('a number without a unit, a negative one and an unknown unit are no rates', () => {
  for (const text of ['250', '-1/s', '250/h', '250 /s', '/s', '1e3/s', '']) {
    assert.equal(parseRatePerS(text), undefined, text);
  }
});
