import assert from 'node:assert/strict';
import { test } from 'node:test';
import { awayUs, limits } from './limits.ts';

test('a host that is to stay down for a while before it reboots is waited for longer by that while', () => {
  assert.equal(awayUs('kernel-panic', { meant: true, reboot: '600s' }), limits.rebootUs + 600_000_000);
});

for (const [what, mechanism, parameters] of [
  ['reboots at once', 'kernel-panic', { meant: true }],
  ['somebody has to start', 'kernel-panic', { meant: true, reboot: 'never' }],
  ['its fault is not to crash', 'cgroup-freeze', {}],
] as const)
  test(`a host that ${what} is waited for as long as a reboot takes`, () => {
    assert.equal(awayUs(mechanism, parameters), limits.rebootUs);
  });
