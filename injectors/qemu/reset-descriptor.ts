import { z } from 'zod';
import { qemuDescriptor } from './qemu-descriptor.ts';

export const vmReset = qemuDescriptor({
  name: 'vm-reset',
  summary:
    'Resets a virtual machine by its QEMU, as the button of a machine does: what it had in memory is lost, and it boots.',
  serves: 'virtual.cpu.unavailability',
  parameters: z.strictObject({}),
  oneShot: true,
  effectUnit: 'reset',
});
