import { z } from 'zod';
import type { Descriptor } from '../descriptor.ts';
import { commandParameters, directionParameter } from './parameters.ts';

const parameters = z.strictObject({ direction: directionParameter, ...commandParameters });

export type KernelDiskErrorParameters = z.infer<typeof parameters>;

export const kernelDiskError: Descriptor<KernelDiskErrorParameters> = {
  name: 'kernel-disk-error',
  summary:
    'Answers commands to a SCSI disk with a medium error at their first sector in the range: a read that cannot be corrected, a write that failed.',
  serves: [
    { cell: 'physical.storage.unavailability', targets: ['disk'] },
    { cell: 'virtual.storage.unavailability', targets: ['container'] },
  ],
  modes: ['permanent', 'probabilistic', 'oneIn', 'burst'],
  parameters,
  oneShot: false,
  kernelHolds: 'start and deadline',
  byKernelModule: true,
  effectUnit: 'command',
};
