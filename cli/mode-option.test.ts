import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modeOption } from './mode-option.ts';

for (const [options, mode] of [
  [{}, { permanent: true }],
  [{ share: '30%' }, { share: 0.3 }],
  [{ oneIn: '10' }, { oneIn: 10 }],
  [{ burst: '200ms/1s' }, { burst: { onUs: 200_000, offUs: 1_000_000 } }],
] as const) {
  test(`${JSON.stringify(options)} is the mode ${JSON.stringify(mode)}`, () => {
    assert.deepEqual(modeOption(options), mode);
  });
}

for (const [options, message] of [
  [{ share: '101%' }, /a percentage from 0% to 100%/],
  [{ oneIn: '0' }, /a whole number from 1/],
  [{ burst: '200ms' }, /two durations above 0/],
  [{ burst: '0ms/1s' }, /two durations above 0/],
  [{ burst: '1s/1s/1s' }, /two durations above 0/],
  [{ burst: '5/5' }, /two durations above 0/],
  [{ share: '1%', burst: '1s/1s' }, /exclude each other/],
] as const) {
  test(`${JSON.stringify(options)} is refused`, () => {
    assert.throws(() => modeOption(options), message);
  });
}
