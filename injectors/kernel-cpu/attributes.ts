import { parseDurationUs } from '../../clock/duration.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Attributes } from '../kernel-fault/injector.ts';
import { asHex } from '../bit-mask.ts';
import { inOrder } from '../kernel-tasks/registers.ts';
import { triggerAttributes } from '../kernel-tasks/trigger.ts';
import type { KernelCpuHogParameters } from './hog-descriptor.ts';
import { secondsOf, type KernelPanicParameters } from './panic-descriptor.ts';
import type { KernelRegistersParameters } from './registers-descriptor.ts';

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
    ...triggerAttributes(parameters),
    registers: inOrder(parameters.registers),
    bit_mask: asHex(parameters.bitMask),
    bits: parameters.bits,
    times: parameters.times,
    context: parameters.context,
  }),
};
