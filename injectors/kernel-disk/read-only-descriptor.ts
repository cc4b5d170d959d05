import { z } from 'zod';
import type { Descriptor } from '../descriptor.ts';
import { commandParameters } from './parameters.ts';

const parameters = z.strictObject(commandParameters);

export type KernelDiskReadOnlyParameters = z.infer<typeof parameters>;

export const kernelDiskReadOnly: Descriptor<KernelDiskReadOnlyParameters> = {
  name: 'kernel-disk-read-only',
  summary: 'Answers the writes to a SCSI disk as one that is protected against them; reads go on.',
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
