import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDuration, parseDurationUs } from './duration.ts';

for (const [us, text] of [
  [0, '0s'],
  [250, '250us'],
  [1_500, '1.5ms'],
  [2_000_000, '2s'],
  [90_000_000, '90s'],
  [7_200_000_000, '2h'],
] as const)
  test(`${us} us are written ${text}, and read as they were`, () => {
    assert.equal(formatDuration(us), text);
    assert.equal(parseDurationUs(text), us);
  });
