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

for (const [what, lines, remark] of [
  [
    'what a hog held',
    'held_bytes: 0\nheld_most_bytes: 524288000\nfloor_reached_ns: 1200000000\nrefused: 0\n',
    'it held 500.0 MiB at the most',
  ],
  [
    'that a hog did not get to its floor',
    'held_bytes: 0\nheld_most_bytes: 1048576\nfloor_reached_ns: 0\nrefused: 7\n',
    'it held 1.0 MiB at the most; the kernel had no page for it 7 times; its floor was not reached',
  ],
  [
    'what was not changed, and whom it spared',
    'untouched: 3\ncorruptions_lost: 5\nspared: 17\n',
    "3 triggers met programs that had nothing to change there; Ordeal's own processes were met 17 times, and spared; 5 corruptions were not kept one by one",
  ],
] as const)
  test(`${what} is remarked`, () => {
    assert.equal(remarkOf(parseStatus(common + lines)), remark);
  });

test('where all went as asked there is nothing to remark', () => {
  assert.equal(remarkOf(parseStatus(`${common}untouched: 0\ncorruptions_lost: 0\nspared: 0\n`)), undefined);
});
