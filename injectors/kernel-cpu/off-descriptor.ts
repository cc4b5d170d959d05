import { z } from 'zod';
import { kernelDescriptor } from '../kernel-fault/kernel-descriptor.ts';
import { cpusParameter } from './processors.ts';

const parameters = z.strictObject({ cpus: cpusParameter('the last that is on') });

export type KernelCpuOffParameters = z.infer<typeof parameters>;

export const kernelCpuOff = kernelDescriptor<KernelCpuOffParameters>({
  name: 'kernel-cpu-off',
  summary: 'Takes processors off, and brings back those that it took; one always stays on.',
  serves: 'cpu.unavailability',
  on: ['host', 'vm'],
  // A processor is taken off once: there is no time between two of them to be off in.
  modes: ['permanent', 'probabilistic', 'oneIn'],
  parameters,
  effectUnit: 'processor',
});
