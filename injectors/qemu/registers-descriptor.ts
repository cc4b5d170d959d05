import { z } from 'zod';
import { parseDurationUs } from '../../clock/duration.ts';
import { bitMaskParameter, bitsIn } from '../bit-mask.ts';
import { registerNames } from './processor-registers.ts';
import { qemuDescriptor } from './qemu-descriptor.ts';

const shortestUs = 10_000;
const longestUs = 60_000_000;

const every = z
  .string()
  .refine((text) => {
    const us = parseDurationUs(text) ?? -1;
    return us >= shortestUs && us <= longestUs;
  }, 'must be a duration from "10ms" to "60s"')
  .default('1s')
  .describe('How long after a flip the next one is tried: "10ms" to "60s". The first is tried at once.');

const times = z
  .int()
  .min(0)
  .default(1)
  .describe('How many registers are flipped at the most; 0 is as many as there is time for.');

const registers = z
  .array(z.enum(registerNames))
  .min(1)
  .default([...registerNames])
  .describe(`Which registers a flip may be in: some of ${registerNames.join(', ')}. By default any of them.`);

const bits = z
  .int()
  .min(1)
  .max(64)
  .default(1)
  .describe('How many bits of the register are flipped at a time, each another one, 1 to 64.');

const context = z
  .enum(['program', 'kernel', 'any'])
  .default('program')
  .describe(
    'What the processor runs when it is met: a "program" of the machine, its "kernel" (which may crash of it), or "any". One that runs another is tried again a little later.',
  );

const processor = z
  .int()
  .min(0)
  .optional()
  .describe('Which processor of the machine, from 0. By default one that the seed chooses for each flip.');

const parameters = z
  .strictObject({ every, times, registers, bitMask: bitMaskParameter('their', 64), bits, context, processor })
  .superRefine((given, issues) => {
    const inMask = bitsIn(given.bitMask);
    if (given.bits <= inMask) return;
    issues.addIssue({
      code: 'custom',
      path: ['bits'],
      message: `are ${given.bits}, and bitMask has ${inMask}`,
    });
  });

export type VmRegistersParameters = z.infer<typeof parameters>;

export const vmRegisters = qemuDescriptor<VmRegistersParameters>({
  name: 'vm-registers',
  summary:
    'Flips bits in registers of the processors of a virtual machine, through the gdb stub of its QEMU; the machine stands while one is flipped, and each flip is told.',
  serves: 'virtual.cpu.corruption',
  parameters,
  effectUnit: 'flip',
});
