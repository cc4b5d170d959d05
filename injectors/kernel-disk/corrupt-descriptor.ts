import { z } from 'zod';
import type { Descriptor } from '../descriptor.ts';
import { commandParameters } from './parameters.ts';

const direction = z
  .enum(['read', 'write', 'both'])
  .default('read')
  .describe(
    'Which data: what is read, what is written (on a SCSI disk only), or both. What was read wrong is dropped from the page cache at the end of the fault; what was written wrong stays on the disk.',
  );

const bits = z
  .int()
  .min(1)
  .max(64)
  .default(1)
  .describe('How many bits of the data of a command are flipped, 1 to 64; the seed chooses them.');

const parameters = z.strictObject({ direction, bits, ...commandParameters });

export type KernelDiskCorruptParameters = z.infer<typeof parameters>;

export const kernelDiskCorrupt: Descriptor<KernelDiskCorruptParameters> = {
  name: 'kernel-disk-corrupt',
  summary: 'Flips bits of what is read from a disk, of any kind, or written to a SCSI disk.',
  serves: [
    { cell: 'physical.storage.corruption', targets: ['disk'] },
    { cell: 'virtual.storage.corruption', targets: ['container'] },
  ],
  modes: ['permanent', 'probabilistic', 'oneIn', 'burst'],
  parameters,
  oneShot: false,
  kernelHolds: 'start and deadline',
  byKernelModule: true,
  effectUnit: 'command',
};
