import { z } from 'zod';
import { qemuDescriptor } from './qemu-descriptor.ts';

export const vmStop = qemuDescriptor({
  name: 'vm-stop',
  summary:
    'Stops all processors of a virtual machine, and with them its clock, by its QEMU; then they go on.',
  serves: 'virtual.cpu.unavailability',
  parameters: z.strictObject({}),
  effectUnit: 'stop',
});
