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

test('a delay that was held tells what was reached, and when the last frame had gone', () => {
  const held = `held_most: 3\ndelayed: 4\ndelay_sum_ns: 400200000\ndelay_late_max_ns: 81000\noverflowed: 0\npurged: 0\ndrained_ns: 6000750000\n`;
  assert.equal(
    remarkOf(parseStatus(common + held)),
    'each was held for 100.05 ms on average, at the most 81 us longer than asked; the last held one had gone 750 us after the end',
  );
});

test('what was not done as asked is told', () => {
  const lost = `held_most: 0\ndelayed: 0\noverflowed: 2\npurged: 1\ndrained_ns: 0\n`;
  assert.equal(remarkOf(parseStatus(common + lost)), '2 found no room to be held; 1 was lost on the way');
});

test('a drop has nothing to remark', () => {
  const nothing = `held_most: 0\ndelayed: 0\noverflowed: 0\npurged: 0\ndrained_ns: 6000000100\n`;
  assert.equal(remarkOf(parseStatus(common + nothing)), undefined);
});
