import { z } from 'zod';
import { parseDurationUs } from '../../clock/duration.ts';
import { kernelDescriptor } from '../kernel-fault/kernel-descriptor.ts';
import { cpusParameter } from './processors.ts';

/** In the order in which the module lists them. */
const names = 'ax bx cx dx si di bp r8 r9 r10 r11 r12 r13 r14 r15 ip sp flags'.split(' ');

const trigger = z
  .enum(['timer', 'syscall', 'address', 'function', 'instructions'])
  .default('timer')
  .describe(
    'What leads to a flip: "timer" an interrupt every so often, on each processor; "syscall" the entry of a system call; "address" an instruction of a file is executed; "function" one of the kernel is; "instructions" so many were executed, which needs a performance counter.',
  );

const shortestUs = 100;
const longestUs = 10_000_000;

const every = z
  .string()
  .refine((text) => {
    const us = parseDurationUs(text) ?? -1;
    return us >= shortestUs && us <= longestUs;
  }, 'must be a duration from "100us" to "10s"')
  .default('10ms')
  .describe('How often the timer of each processor interrupts: "100us" to "10s".');

const file = z
  .string()
  .regex(/^\/[^\p{Cc}]{0,254}$/u, 'must be an absolute path of at most 255 characters')
  .optional()
  .describe('Of the trigger "address": the path of the program or library that has the instruction.');

const offset = z
  .int()
  .min(0)
  .optional()
  .describe('Of the trigger "address": where in that file the instruction is, in bytes.');

const functionName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_.]{0,126}$/, 'must be the name of a function of the kernel')
  .optional()
  .describe('Of the trigger "function": its name, as /proc/kallsyms has it.');

const instructions = z
  .int()
  .min(1_000)
  .optional()
  .describe('Of the trigger "instructions": after so many of them, from 1000 on.');

const registers = z
  .array(z.enum(names))
  .min(1)
  .default(names)
  .describe(`Which registers a flip may be in: some of ${names.join(', ')}. By default any of them.`);

const bitMask = z
  .string()
  .regex(/^0x0*[0-9a-f]{1,16}$/, 'must be a mask from "0x1" to "0xffffffffffffffff"')
  .refine((text) => !/^0x0+$/.test(text), 'must have a bit that is set')
  .default('0xffffffffffffffff')
  .describe('Which of their bits, as a mask from "0x1" to "0xffffffffffffffff".');

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

const scope = z
  .enum(['cgroup', 'pid namespace'])
  .default('cgroup')
  .describe('Of a container: what its processes are told by, its cgroup or its pid namespace.');

const process = z
  .string()
  .regex(/^[^/\p{Cc}]{1,255}$/u, 'a name without slashes, of 1 to 255 characters')
  .optional()
  .describe(
    'Only the process of this name, on the host or in the container: as the kernel has it (ps -o comm) or as the file of the program has it. By default all of them.',
  );

/** What each trigger cannot do without. */
const needed = [
  ['address', 'file'],
  ['address', 'offset'],
  ['function', 'function'],
  ['instructions', 'instructions'],
] as const;

const parameters = z
  .strictObject({
    trigger,
    every,
    file,
    offset,
    function: functionName,
    instructions,
    registers,
    bitMask,
    bits,
    times,
    context,
    scope,
    process,
    cpus: cpusParameter('all, by the triggers "timer" and "instructions"'),
  })
  .superRefine((given, issues) => {
    const wrong = (path: string, message: string): void => {
      issues.addIssue({ code: 'custom', path: [path], message });
    };
    for (const [by, name] of needed) {
      if (given.trigger === by && given[name] === undefined)
        wrong(name, `is not given; the trigger "${by}" needs it`);
    }
    if (given.context === 'kernel' && !['timer', 'function'].includes(given.trigger))
      wrong(
        'context',
        `registers of the kernel are met by the triggers timer and function; found ${given.trigger}`,
      );
    const inMask = BigInt(given.bitMask).toString(2).replaceAll('0', '').length;
    if (given.bits > inMask) wrong('bits', `are ${given.bits}, and bitMask has ${inMask}`);
  });

export type KernelRegistersParameters = z.infer<typeof parameters>;

export const kernelRegisters = kernelDescriptor<KernelRegistersParameters>({
  name: 'kernel-registers',
  summary:
    'Flips bits in registers of programs of the host or of a container, or of the kernel itself; each flip is told.',
  serves: 'cpu.corruption',
  on: ['host', 'container', 'vm'],
  parameters,
  effectUnit: 'flip',
});

/** As the module lists them, whatever the order of who asked. */
export function inOrder(chosen: readonly string[]): string {
  return names.filter((name) => chosen.includes(name)).join(' ');
}
