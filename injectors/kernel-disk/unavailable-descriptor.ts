import { z } from 'zod';
import { kernelDescriptor } from '../kernel-fault/kernel-descriptor.ts';
import { commandParameters, directionParameter } from './parameters.ts';

const errorHandling = z
  .enum(['answered', 'passed'])
  .default('answered')
  .describe(
    'What becomes of the commands by which the kernel tries to get the disk back: "answered" as all others, so that it may set the disk offline (which the end of the fault undoes), or "passed" to the disk.',
  );

const parameters = z.strictObject({ direction: directionParameter, errorHandling, ...commandParameters });

export type KernelDiskUnavailableParameters = z.infer<typeof parameters>;

export const kernelDiskUnavailable = kernelDescriptor<KernelDiskUnavailableParameters>({
  name: 'kernel-disk-unavailable',
  summary: 'Answers the commands to a SCSI disk as if it were not connected, before the driver has them.',
  serves: 'storage.unavailability',
  on: ['disk', 'container', 'vm'],
  vmsMetFrom: ['within', 'outside'],
  parameters,
  effectUnit: 'command',
});
