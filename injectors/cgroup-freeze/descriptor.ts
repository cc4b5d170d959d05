import { z } from 'zod';
import type { Descriptor } from '../descriptor.ts';

const parameters = z.strictObject({});

export const cgroupFreeze: Descriptor<z.infer<typeof parameters>> = {
  name: 'cgroup-freeze',
  summary: 'Takes every CPU from the container: its tasks stand still until they are thawed.',
  serves: [{ cell: 'virtual.cpu.unavailability', targets: ['container', 'vm'], vmsMetFrom: ['outside'] }],
  modes: ['permanent'],
  parameters,
  oneShot: false,
  kernelHolds: 'nothing',
  effectUnit: 'task',
};
