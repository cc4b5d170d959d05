import { z } from 'zod';
import { hostedDisk } from './disk-parameters.ts';
import { qemuDescriptor } from './qemu-descriptor.ts';

const direction = z
  .enum(['read', 'write', 'both'])
  .default('both')
  .describe('Which requests: those that read, those that write (flushes with them), or both.');

const errno = z
  .enum(['EIO', 'ENOSPC'])
  .default('EIO')
  .describe(
    'The error: "EIO" that the disk cannot do it, or "ENOSPC" that it has no space. Of a disk whose QEMU stops at an error (werror, rerror), the machine stops; QEMU does so at ENOSPC where it was told nothing.',
  );

const sector = z
  .int()
  .min(0)
  .optional()
  .describe('Only requests that touch this sector of 512 bytes, from 0. By default all.');

const parameters = z.strictObject({ disk: hostedDisk, direction, errno, sector });

export type VmDiskErrorParameters = z.infer<typeof parameters>;

export const vmDiskError = qemuDescriptor<VmDiskErrorParameters>({
  name: 'vm-disk-error',
  summary: 'Fails the requests of a virtual machine to one of its disks, by a blkdebug filter in its QEMU.',
  serves: 'virtual.storage.unavailability',
  parameters,
  effectUnit: 'failed request',
});
