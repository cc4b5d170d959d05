import { z } from 'zod';
import { kernelDescriptor } from '../kernel-fault/kernel-descriptor.ts';
import { scopeParameters } from '../kernel-tasks/scope-parameters.ts';

const parameters = z.strictObject(scopeParameters);

export type KernelEnomemParameters = z.infer<typeof parameters>;

export const kernelEnomem = kernelDescriptor<KernelEnomemParameters>({
  name: 'kernel-enomem',
  summary:
    'Has the kernel refuse more memory to the programs of a container, or to one process of a host: mmap, brk, fork and the like fail with ENOMEM.',
  serves: 'memory.unavailability',
  on: ['host', 'container', 'vm'],
  parameters,
  effectUnit: 'refusal',
});
