import assert from 'node:assert/strict';
import { test } from 'node:test';
import { vmProtectedBecause } from './policy.ts';

const mac = '52:54:00:12:34:56';
const qemu = {
  pid: 7,
  startTicks: 1,
  monitors: [],
  networks: [],
  images: [],
  macs: ['52:54:00:aa:bb:cc', mac],
};
const controller = new Map([[mac, { role: 'controller', host: '192.0.2.1' }]]);

test('a machine in which the controller runs is protected, by the address of its NIC', () => {
  assert.equal(vmProtectedBecause({ qemu }, new Set(), controller), 'the controller at 192.0.2.1 runs in it');
});

test('a machine that Ordeal has started is protected, another one is not', () => {
  assert.equal(vmProtectedBecause({ qemu }, new Set([7]), new Map()), 'its QEMU belongs to Ordeal');
  assert.equal(vmProtectedBecause({ qemu }, new Set([8]), new Map()), undefined);
});
