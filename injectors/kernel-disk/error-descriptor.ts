import { z } from 'zod';
import { kernelDescriptor } from '../kernel-fault/kernel-descriptor.ts';
import { commandParameters, directionParameter } from './parameters.ts';

const parameters = z.strictObject({ direction: directionParameter, ...commandParameters });

export type KernelDiskErrorParameters = z.infer<typeof parameters>;

export const kernelDiskError = kernelDescriptor<KernelDiskErrorParameters>({
  name: 'kernel-disk-error',
  summary:
    'Answers commands to a SCSI disk with a medium error at their first sector in the range: a read that cannot be corrected, a write that failed.',
  serves: 'storage.unavailability',
  on: ['disk', 'container', 'vm'],
  vmsMetFrom: ['within', 'outside'],
  parameters,
  effectUnit: 'command',
});
