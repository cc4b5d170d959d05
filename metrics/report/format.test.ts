import assert from 'node:assert/strict';
import { test } from 'node:test';
import { count, latency, percent, perSecond, seconds, span, unavailability } from './format.ts';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

test('seconds are told to a tenth, half of one upwards; less than a second in its unit', () => {
  assert.deepEqual([91_150_000, 113_020_000, 352_000].map(seconds).map(plain), [
    '91.2 s',
    '113.0 s',
    '352 ms',
  ]);
});

test('a length of time has the unit that suits it', () => {
  const spans = [
    0, 87, 352.4, 999_499, 999_700, 1_234_567, 45_670_000, 119_960_000, 312_000_000, 7_380_000_000,
  ];
  const texts = [
    '0 s',
    '0.087 ms',
    '0.352 ms',
    '999 ms',
    '1 s',
    '1.23 s',
    '45.7 s',
    '120 s',
    '5 min 12 s',
    '2 h 3 min',
  ];
  assert.deepEqual(spans.map(span).map(plain), texts);
  assert.equal(plain(span(-2_500)), '-2.5 ms');
  assert.equal(plain(span(180_000_000)), '3 min');
});

test('a failed percentile and an unknown one are said to be so', () => {
  assert.equal(latency('failed'), 'failed');
  assert.equal(latency('unknown'), 'unknown');
  assert.equal(perSecond('unknown'), 'unknown');
  assert.equal(count('unknown'), 'unknown');
});

test('a service that did not recover is never shown by a mere number', () => {
  assert.equal(
    plain(unavailability({ us: 12_300_000, recovered: false })),
    'not recovered (at least 12.3 s)',
  );
  assert.equal(plain(unavailability({ us: 0, recovered: true })), '0 s');
});

test('rates, shares and counts are rounded for people', () => {
  assert.equal(plain(perSecond(249.8123)), '249.8 /s');
  assert.equal(percent(0.93333), '93.3%');
  assert.equal(plain(count(1234567)), '1 234 567');
});
