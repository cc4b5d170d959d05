import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nicOfVm, type OwnNic } from './nic-of-vm.ts';

const guest = (...nics: OwnNic[]) => ({ vm: 'guest', netns: 7, nics });
const protectedBecause = 'it carries the connection to the controller at 10.0.2.2';
const management = { name: 'mgmt0', ifindex: 2, isDevice: true, protectedBecause };
const data = { name: 'data0', ifindex: 3, isDevice: true };
const bridge = { name: 'docker0', ifindex: 4, isDevice: false };

test('without a name, the only NIC is meant that a fault may go to', () => {
  assert.deepEqual(nicOfVm(guest(management, data, bridge), {}), { netns: 7, ifindex: 3 });
});

test('one that is named is meant, whatever is behind it', () => {
  assert.deepEqual(nicOfVm(guest(management, data, bridge), { interface: 'docker0' }), {
    netns: 7,
    ifindex: 4,
  });
});

test('one that carries Ordeal is refused, with the reason', () => {
  assert.throws(() => nicOfVm(guest(management, data), { interface: 'mgmt0' }), {
    code: 'PROTECTED_TARGET',
    message: `the interface mgmt0 of the virtual machine guest is protected: ${protectedBecause}`,
  });
});

test('where none or several could be meant, none is', () => {
  for (const nics of [[management], [data, { ...data, name: 'data1', ifindex: 9 }], []])
    assert.throws(() => nicOfVm(guest(...nics), {}), { code: 'NO_TARGET', message: /not exactly one NIC/ });
  assert.throws(() => nicOfVm(guest(management, data), { interface: 'data9' }), {
    code: 'NO_TARGET',
    message: 'the virtual machine guest has no interface "data9"; it has: mgmt0 (protected), data0',
  });
});
