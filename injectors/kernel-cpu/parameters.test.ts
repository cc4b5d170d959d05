import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernelCpuHog } from './hog-descriptor.ts';
import { kernelCpuOff } from './off-descriptor.ts';
import { kernelPanic } from './panic-descriptor.ts';
import { kernelRegisters } from './registers-descriptor.ts';

for (const [descriptor, given, says] of [
  [kernelCpuHog, { load: '0%' }, /whole percentage from "1%" to "100%"/],
  [kernelCpuHog, { load: '101%' }, /whole percentage from "1%" to "100%"/],
  [kernelCpuHog, { load: '12.5%' }, /whole percentage from "1%" to "100%"/],
  [kernelCpuHog, { period: '999us' }, /from "1ms" to "1s"/],
  [kernelCpuHog, { priority: 100 }, /<=99/],
  [kernelCpuOff, { cpus: '1-' }, /a list of processors like "0-3,5"/],
  [kernelPanic, { reboot: '0s' }, /"never", "at once" or whole seconds/],
  [kernelPanic, { reboot: '1500ms' }, /"never", "at once" or whole seconds/],
  [kernelPanic, { reboot: '3601s' }, /"never", "at once" or whole seconds/],
  [kernelRegisters, { every: '99us' }, /from "100us" to "10s"/],
  [kernelRegisters, { registers: ['cs'] }, /Invalid option/],
  [kernelRegisters, { registers: [] }, />=1/],
  [kernelRegisters, { bitMask: '0x0' }, /must have a bit that is set/],
  [kernelRegisters, { bitMask: '12' }, /a mask from "0x1"/],
  [kernelRegisters, { bitMask: '0x1ffffffffffffffff' }, /a mask from "0x1"/],
  [kernelRegisters, { bitMask: '0x7', bits: 4 }, /are 4, and bitMask has 3/],
  [kernelRegisters, { trigger: 'address', file: '/bin/sh' }, /the trigger "address" needs it/],
  [kernelRegisters, { trigger: 'address', offset: 1, file: 'sh' }, /absolute path/],
  [kernelRegisters, { trigger: 'function' }, /the trigger "function" needs it/],
  [kernelRegisters, { trigger: 'instructions', instructions: 999 }, />=1000/],
  [kernelRegisters, { context: 'kernel', trigger: 'syscall' }, /triggers timer and function; found syscall/],
] as const)
  test(`${descriptor.name} with ${JSON.stringify(given)} is refused`, () => {
    const { error } = descriptor.parameters.safeParse(given);
    assert.match(error?.issues.map(({ message }) => message).join() ?? 'accepted', says);
  });
