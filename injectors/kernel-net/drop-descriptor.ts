import { z } from 'zod';
import type { Descriptor } from '../descriptor.ts';
import { filterMakesSense, senselessFilter } from '../packet-filter.ts';
import { directionParameter, frameParameters } from './parameters.ts';

const parameters = z
  .strictObject({ direction: directionParameter('both'), ...frameParameters })
  .refine(filterMakesSense, senselessFilter);

export type KernelNetDropParameters = z.infer<typeof parameters>;

export const kernelNetDrop: Descriptor<KernelNetDropParameters> = {
  name: 'kernel-net-drop',
  summary:
    "Drops frames in the driver's transmit function, and as they are received: all of them, those of a protocol, port or address, a share, or bursts.",
  serves: [
    { cell: 'physical.network.unavailability', targets: ['nic'] },
    { cell: 'virtual.network.unavailability', targets: ['container'] },
  ],
  modes: ['permanent', 'probabilistic', 'oneIn', 'burst'],
  parameters,
  oneShot: false,
  kernelHolds: 'start and deadline',
  byKernelModule: true,
  effectUnit: 'frame',
};
