import { z } from 'zod';
import { kernelDescriptor } from '../kernel-fault/kernel-descriptor.ts';
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

export const kernelDiskCorrupt = kernelDescriptor<KernelDiskCorruptParameters>({
  name: 'kernel-disk-corrupt',
  summary: 'Flips bits of what is read from a disk, of any kind, or written to a SCSI disk.',
  serves: 'storage.corruption',
  on: ['disk', 'container', 'vm'],
  vmsMetFrom: ['within', 'outside'],
  parameters,
  effectUnit: 'command',
});
