import { z } from 'zod';
import { kernelDescriptor } from '../kernel-fault/kernel-descriptor.ts';
import { filterMakesSense, senselessFilter } from '../packet-filter.ts';
import { directionParameter, frameParameters } from './parameters.ts';

const parameters = z
  .strictObject({ direction: directionParameter('both'), ...frameParameters })
  .refine(filterMakesSense, senselessFilter);

export type KernelNetDropParameters = z.infer<typeof parameters>;

export const kernelNetDrop = kernelDescriptor<KernelNetDropParameters>({
  name: 'kernel-net-drop',
  summary:
    "Drops frames in the driver's transmit function, and as they are received: all of them, those of a protocol, port or address, a share, or bursts.",
  serves: 'network.unavailability',
  on: ['nic', 'container', 'vm'],
  vmsMetFrom: ['within', 'outside'],
  parameters,
  effectUnit: 'frame',
});
