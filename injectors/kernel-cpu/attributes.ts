import { parseDurationUs } from '../../clock/duration.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Attributes } from '../kernel-fault/injector.ts';
import type { KernelCpuHogParameters } from './hog-descriptor.ts';
import { secondsOf, type KernelPanicParameters } from './panic-descriptor.ts';
import { inOrder, type KernelRegistersParameters } from './registers-descriptor.ts';

/** What is done, in the words of the module. */
export const attributesOf = {
  hog: (parameters: KernelCpuHogParameters): Attributes => ({
    effect: 'hog',
    hog_percent: parseInt(parameters.load, 10),
    hog_period_us: parseDurationUs(parameters.period) ?? 0,
    hog_class: parameters.class,
    hog_priority: parameters.priority,
  }),
  off: (): Attributes => ({ effect: 'off' }),
  panic: ({ meant, reboot }: KernelPanicParameters): Attributes => {
    if (!meant) {
      throw new OrdealError(
        'INVALID_INPUT',
        'meant: a panic ends all that runs here and cannot be reverted; if it is meant, give true',
      );
    }
    return { effect: 'panic', panic_meant: 1, reboot: secondsOf(reboot) ?? reboot.replace(' ', '_') };
  },
  registers: (parameters: KernelRegistersParameters): Attributes => ({
    effect: 'registers',
    ...triggerOf(parameters),
    registers: inOrder(parameters.registers),
    bit_mask: `0x${BigInt(parameters.bitMask).toString(16)}`,
    bits: parameters.bits,
    times: parameters.times,
    context: parameters.context,
  }),
};

/** With what it needs, and nothing that is another's. */
function triggerOf(parameters: KernelRegistersParameters): Attributes {
  const { trigger, every, file = '', offset = 0, instructions = 0 } = parameters;
  switch (trigger) {
    case 'timer':
      return { trigger, timer_us: parseDurationUs(every) ?? 0 };
    case 'syscall':
      return { trigger };
    case 'address':
      return { trigger, file, offset };
    case 'function':
      return { trigger, function: parameters.function ?? '' };
    case 'instructions':
      return { trigger, instructions };
  }
}
