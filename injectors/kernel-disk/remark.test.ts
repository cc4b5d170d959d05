import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseStatus } from '../kernel-fault/status.ts';
import { remarkOf } from './remark.ts';

const common = `phase: ended
reason: deadline
opened_ns: 1000000000
closed_ns: 6000000000
seen: 10
effects: 4
first_effect_ns: 1000000001
last_effect_ns: 5999999999
`;

for (const [flipped, told] of [
  ['1', '1 bit was flipped'],
  ['8', '8 bits were flipped'],
] as const) {
  test(`${flipped} is told as "${told}"`, () => {
    assert.equal(remarkOf(parseStatus(`${common}bits_flipped: ${flipped}\n`)), told);
  });
}
