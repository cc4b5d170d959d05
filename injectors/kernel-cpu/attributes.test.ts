import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attributesOf } from './attributes.ts';
import { kernelCpuHog } from './hog-descriptor.ts';
import { kernelPanic } from './panic-descriptor.ts';
import { kernelRegisters } from './registers-descriptor.ts';

const all = 'ax bx cx dx si di bp r8 r9 r10 r11 r12 r13 r14 r15 ip sp flags';

test('a hog is told its share in percent and its period in microseconds', () => {
  const given = kernelCpuHog.parameters.parse({ load: '35%', period: '20ms', class: 'fair', priority: 7 });
  assert.deepEqual(attributesOf.hog(given), {
    effect: 'hog',
    hog_percent: 35,
    hog_period_us: 20_000,
    hog_class: 'fair',
    hog_priority: 7,
  });
});

for (const [reboot, told] of [
  ['at once', 'at_once'],
  ['never', 'never'],
  ['30s', 30],
  ['1h', 3600],
] as const)
  test(`a panic after which the kernel reboots ${reboot} is told so`, () => {
    const given = kernelPanic.parameters.parse({ meant: true, reboot });
    assert.deepEqual(attributesOf.panic(given), { effect: 'panic', panic_meant: 1, reboot: told });
  });

test('a panic that is not said to be meant is refused', () => {
  assert.throws(() => attributesOf.panic(kernelPanic.parameters.parse({})), {
    code: 'INVALID_INPUT',
    message: /cannot be reverted; if it is meant, give true/,
  });
});

test('a flip is told its trigger with what that needs, and registers in the order of the module', () => {
  const common = { effect: 'registers', bit_mask: '0x8000000000000001', bits: 2, times: 5, context: 'user' };
  const asked = { bitMask: '0x8000000000000001', bits: 2, times: 5 };
  for (const [given, told] of [
    [{ every: '2ms' }, { trigger: 'timer', timer_us: 2_000, registers: all }],
    [
      { trigger: 'syscall', registers: ['sp', 'ax'] },
      { trigger: 'syscall', registers: 'ax sp' },
    ],
    [
      { trigger: 'address', file: '/usr/bin/web', offset: 4096 },
      { trigger: 'address', file: '/usr/bin/web', offset: 4096, registers: all },
    ],
    [
      { trigger: 'function', function: '__x64_sys_read' },
      { trigger: 'function', function: '__x64_sys_read', registers: all },
    ],
    [
      { trigger: 'instructions', instructions: 1000 },
      { trigger: 'instructions', instructions: 1000, registers: all },
    ],
  ] as const) {
    const parsed = kernelRegisters.parameters.parse({ ...asked, ...given });
    assert.deepEqual(attributesOf.registers(parsed), { ...common, ...told });
  }
});
