import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernelMemoryCorrupt } from './corrupt-descriptor.ts';
import { kernelMemoryHog } from './hog-descriptor.ts';

for (const [descriptor, given, says] of [
  [kernelMemoryHog, { floor: '100%' }, /a size \("256MiB"\) or a share/],
  [kernelMemoryHog, { reclaim: 'never' }, /Invalid option/],
  [kernelMemoryCorrupt, { trigger: 'function' }, /Invalid option/],
  [kernelMemoryCorrupt, { trigger: 'address', file: '/bin/sh' }, /the trigger "address" needs it/],
  [kernelMemoryCorrupt, { trigger: 'instructions' }, /the trigger "instructions" needs it/],
  [kernelMemoryCorrupt, { at: 'address' }, /the place "address" needs it/],
  [kernelMemoryCorrupt, { at: 'address', address: '0x0' }, /an address from "0x1"/],
  [kernelMemoryCorrupt, { at: 'address', address: '0x10000000000000000' }, /an address from "0x1"/],
  [kernelMemoryCorrupt, { at: 'address', address: '4096' }, /an address from "0x1"/],
  [kernelMemoryCorrupt, { mappings: ['code'] }, /Invalid option/],
  [kernelMemoryCorrupt, { mappings: [] }, />=1/],
  [kernelMemoryCorrupt, { bytes: 257 }, /<=256/],
  [kernelMemoryCorrupt, { bitMask: '0x100' }, /a mask from "0x1" to "0xff"/],
  [
    kernelMemoryCorrupt,
    { change: 'flip', bytes: 1, bitMask: '0x11', bits: 3 },
    /are 3, and bitMask has 2 in 1/,
  ],
  [kernelMemoryCorrupt, { value: 256 }, /<=255/],
] as const)
  test(`${descriptor.name} with ${JSON.stringify(given)} is refused`, () => {
    const { error } = descriptor.parameters.safeParse(given);
    assert.match(error?.issues.map(({ message }) => message).join() ?? 'accepted', says);
  });

test('the highest address and a mask of 8 bits are taken', () => {
  const given = { at: 'address', address: '0xffffffffffffffff', change: 'flip', bits: 8, bytes: 1 };
  assert.equal(kernelMemoryCorrupt.parameters.safeParse(given).success, true);
});
