import { z } from 'zod';
import { kernelDescriptor } from '../kernel-fault/kernel-descriptor.ts';
import { bitMaskParameter, bitsIn } from '../bit-mask.ts';
import { registersParameter } from '../kernel-tasks/registers.ts';
import { scopeParameters } from '../kernel-tasks/scope-parameters.ts';
import { lackingIn, triggerParameter, triggerParameters } from '../kernel-tasks/trigger-parameters.ts';
import { cpusParameter } from './processors.ts';

const functionName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_.]{0,126}$/, 'must be the name of a function of the kernel')
  .optional()
  .describe('Of the trigger "function": its name, as /proc/kallsyms has it.');

const bits = z
  .int()
  .min(1)
  .max(64)
  .default(1)
  .describe('How many bits of the register are flipped at a time, each another one, 1 to 64.');

const times = z
  .int()
  .min(0)
  .default(1)
  .describe('How often registers are flipped at the most; 0 is as often as the trigger comes.');

const context = z
  .enum(['user', 'kernel'])
  .default('user')
  .describe(
    'Whose registers: "user" those of programs; "kernel" those of the kernel itself, which may crash of it, by the triggers "timer" and "function".',
  );

const parameters = z
  .strictObject({
    trigger: triggerParameter('a flip', ['timer', 'syscall', 'address', 'function', 'instructions']),
    ...triggerParameters,
    function: functionName,
    registers: registersParameter('Which registers a flip may be in'),
    bitMask: bitMaskParameter('their', 64),
    bits,
    times,
    context,
    ...scopeParameters,
    cpus: cpusParameter('all, by the triggers "timer" and "instructions"'),
  })
  .superRefine((given, issues) => {
    const wrong = (path: string, message: string): void => {
      issues.addIssue({ code: 'custom', path: [path], message });
    };
    for (const { path, message } of lackingIn(given)) wrong(path, message);
    if (given.context === 'kernel' && !['timer', 'function'].includes(given.trigger))
      wrong(
        'context',
        `registers of the kernel are met by the triggers timer and function; found ${given.trigger}`,
      );
    const inMask = bitsIn(given.bitMask);
    if (given.bits > inMask) wrong('bits', `are ${given.bits}, and bitMask has ${inMask}`);
  });

export type KernelRegistersParameters = z.infer<typeof parameters>;

export const kernelRegisters = kernelDescriptor<KernelRegistersParameters>({
  name: 'kernel-registers',
  summary:
    'Flips bits in registers of programs of the host, of a container or of a virtual machine, of the process that runs a virtual machine, or of the kernel itself; each flip is told.',
  serves: 'cpu.corruption',
  on: ['host', 'container', 'vm'],
  vmsMetFrom: ['within', 'outside'],
  parameters,
  effectUnit: 'flip',
});
