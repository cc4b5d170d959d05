import { z } from 'zod';
import { kernelDescriptor } from '../kernel-fault/kernel-descriptor.ts';
import { bitMaskParameter, bitsIn } from '../bit-mask.ts';
import { registersParameter } from '../kernel-tasks/registers.ts';
import { scopeParameters } from '../kernel-tasks/scope-parameters.ts';
import { lackingIn, triggerParameter, triggerParameters } from '../kernel-tasks/trigger-parameters.ts';

/** In the order in which the module lists them. */
const mappingKinds = ['anon', 'heap', 'stack', 'file', 'shared'] as const;

const at = z
  .enum(['register', 'address', 'random'])
  .default('register')
  .describe(
    'Where it is: "register" where one of `registers` points to when the trigger comes; "address" at `address`; "random" anywhere in the mappings that are meant.',
  );

const address = z
  .string()
  .regex(/^0x0*[1-9a-f][0-9a-f]{0,15}$/, 'must be an address from "0x1" to "0xffffffffffffffff"')
  .optional()
  .describe('Of "address": where it is, in the memory of the program that the trigger meets.');

const mappings = z
  .array(z.enum(mappingKinds))
  .min(1)
  .default(['anon', 'heap', 'stack', 'file'])
  .describe(
    'In which mappings: some of anon, heap, stack, file (one of its own of the program) and shared. What is shared may be a file, which then is other on the disk, too: it is not among them unless told.',
  );

const bytes = z
  .int()
  .min(1)
  .max(256)
  .default(100)
  .describe('How many bytes from there on, 1 to 256, at most to the end of the mapping.');

const change = z
  .enum(['random', 'flip', 'set'])
  .default('random')
  .describe(
    'What becomes of them: "random" each becomes another one; "flip" `bits` of those in `bitMask` are flipped; "set" each becomes `value`.',
  );

const bits = z
  .int()
  .min(1)
  .max(64)
  .default(1)
  .describe('Of "flip": how many bits of all the bytes together, 1 to 64.');

const value = z.int().min(0).max(255).default(0).describe('Of "set": the byte that each becomes, 0 to 255.');

const times = z
  .int()
  .min(0)
  .default(1)
  .describe('How often memory is changed at the most; 0 is as often as the trigger comes.');

const parameters = z
  .strictObject({
    // Not by a function of the kernel: it may be one that holds what is needed to look at the mappings.
    trigger: triggerParameter('a change', ['timer', 'syscall', 'address', 'instructions']),
    ...triggerParameters,
    at,
    registers: registersParameter('Of "register": which may hold the address'),
    address,
    mappings,
    bytes,
    change,
    bits,
    bitMask: bitMaskParameter("each byte's", 8),
    value,
    times,
    ...scopeParameters,
  })
  .superRefine((given, issues) => {
    const wrong = (path: string, message: string): void => {
      issues.addIssue({ code: 'custom', path: [path], message });
    };
    for (const { path, message } of lackingIn(given)) wrong(path, message);
    if (given.at === 'address' && given.address === undefined)
      wrong('address', 'is not given; the place "address" needs it');
    const all = given.bytes * bitsIn(given.bitMask);
    if (given.change === 'flip' && given.bits > all)
      wrong('bits', `are ${given.bits}, and bitMask has ${all} in ${given.bytes} bytes`);
  });

export type KernelMemoryCorruptParameters = z.infer<typeof parameters>;

export const kernelMemoryCorrupt = kernelDescriptor<KernelMemoryCorruptParameters>({
  name: 'kernel-memory-corrupt',
  summary:
    'Changes bytes in the memory of programs of the host or of a container, where a register points to or elsewhere; what was there is told.',
  serves: 'memory.corruption',
  on: ['host', 'container', 'vm'],
  parameters,
  effectUnit: 'corruption',
});

/** As the module lists them, whatever the order of who asked. */
export function mappingsInOrder(chosen: readonly string[]): string {
  return mappingKinds.filter((kind) => chosen.includes(kind)).join(' ');
}
