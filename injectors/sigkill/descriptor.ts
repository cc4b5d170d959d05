import { z } from 'zod';
import type { Descriptor } from '../descriptor.ts';

const parameters = z.strictObject({});

export const sigkill: Descriptor<z.infer<typeof parameters>> = {
  name: 'sigkill',
  summary: "Kills the container's init with SIGKILL, and so all that runs in it.",
  serves: [{ cell: 'virtual.cpu.unavailability', targets: ['container'] }],
  modes: ['permanent'],
  parameters,
  oneShot: true,
  kernelHolds: 'nothing',
  effectUnit: 'process',
};
