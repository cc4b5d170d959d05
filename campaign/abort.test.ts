import assert from 'node:assert/strict';
import { test } from 'node:test';
import { broken, campaignIn, good } from './good-file.example.ts';

const withAbort = (text: string): string => `${good}\nabort: ${text}\n`;

test('abort conditions are read with their units resolved; what is left out is no condition', () => {
  const { abort } = campaignIn(
    withAbort('{ canary: [golden-runs, cut-host], budget: { fail: 3 }, hosts: { atLeast: 2 } }'),
  );
  assert.deepEqual(abort, {
    canary: ['golden-runs', 'cut-host'],
    budget: { fail: 3 },
    hosts: { atLeast: 2, withinUs: 30_000_000 },
  });
  assert.equal(campaignIn(good).abort, undefined);
});

for (const [what, text, says] of [
  [
    'a canary that nothing is called',
    '{ canary: [cut-hots] }',
    /abort\.canary\[0\].*did you mean "cut-host"/,
  ],
  ['a budget below nothing', '{ budget: { fail: -1 } }', /abort\.budget\.fail.*whole number from 0/],
  ['no hosts at all', '{ hosts: { atLeast: 0 } }', /abort\.hosts\.atLeast.*whole number from 1/],
  ['an unknown condition', '{ canaries: [cut-host] }', /abort\.canaries/],
] as const) {
  test(`${what} is refused, with its place`, () => {
    assert.throws(() => campaignIn(withAbort(text)), says);
  });
}

test('a canary of which nothing is demanded is refused', () => {
  const text = `${broken(/^slo:\n( {2}.*\n?)+/m, '')}\nabort: { canary: [cut-host] }\n`;
  assert.throws(() => campaignIn(text), /abort\.canary.*needs an slo/);
});
