import { z } from 'zod';
import { hostedDisk } from './disk-parameters.ts';
import { qemuDescriptor } from './qemu-descriptor.ts';

const rate = z
  .int()
  .min(1)
  .max(1_000)
  .default(5)
  .describe(
    'How many requests a second pass, evenly, 1 to 1000; those behind wait for their turn. One that comes after a pause passes at once.',
  );

const parameters = z.strictObject({ disk: hostedDisk, rate });

export type VmDiskDelayParameters = z.infer<typeof parameters>;

export const vmDiskDelay = qemuDescriptor<VmDiskDelayParameters>({
  name: 'vm-disk-delay',
  summary:
    'Lets the requests of a virtual machine to one of its disks pass at a low rate only, by a throttle filter in its QEMU.',
  serves: 'virtual.storage.delay',
  parameters,
  effectUnit: 'request',
});
