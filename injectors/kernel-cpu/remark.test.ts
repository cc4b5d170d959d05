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
    'what a hog got of each processor',
    'wall_ns: 5000000000\nran_ns: 4992000000\nsteal_permille: 0=499 3=500\n',
    'it took 49.9 % of processor 0, 50.0 % of processor 3',
  ],
  [
    'which processors it did not take, and which it lost',
    'off: \nfound_off: 2\nrefused: 3-4\nstuck: \nbrought_back_by_others: 1\n',
    'found off already, and left so: 2; not taken off by the kernel: 3-4; brought back by somebody else before its end: 1',
  ],
  [
    'whom flips spared',
    'spared: 17\nflips_lost: 3\nreached: ax bx\n',
    "17 triggers met Ordeal's own processes, which are spared; 3 flips were not kept one by one",
  ],
] as const)
  test(`${what} is remarked`, () => {
    assert.equal(remarkOf(parseStatus(common + lines)), remark);
  });

test('where all went as asked there is nothing to remark', () => {
  const nothing = 'off: 1\nfound_off: \nrefused: \nstuck: \nbrought_back_by_others: \n';
  assert.equal(remarkOf(parseStatus(common + nothing)), undefined);
});
