import { z } from 'zod';
import { qemuDescriptor } from './qemu-descriptor.ts';

export const vmNmi = qemuDescriptor({
  name: 'vm-nmi',
  summary:
    'Sends a non-maskable interrupt that nobody expects to a virtual machine: a Linux panics of it where kernel.unknown_nmi_panic is 1, and else notes it.',
  serves: 'virtual.cpu.unavailability',
  parameters: z.strictObject({}),
  oneShot: true,
  effectUnit: 'interrupt',
});
