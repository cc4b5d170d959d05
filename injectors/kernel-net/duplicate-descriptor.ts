import { z } from 'zod';
import { kernelDescriptor } from '../kernel-fault/kernel-descriptor.ts';
import { filterMakesSense, senselessFilter } from '../packet-filter.ts';
import { directionParameter, frameParameters } from './parameters.ts';

const copies = z.int().min(1).max(10).default(1).describe('How many copies follow a frame, 1 to 10.');

const parameters = z
  .strictObject({ copies, direction: directionParameter('out'), ...frameParameters })
  .refine(filterMakesSense, senselessFilter);

export type KernelNetDuplicateParameters = z.infer<typeof parameters>;

export const kernelNetDuplicate = kernelDescriptor<KernelNetDuplicateParameters>({
  name: 'kernel-net-duplicate',
  summary: 'Sends frames more than once, or lets the host receive them more than once.',
  serves: 'network.corruption',
  on: ['nic', 'container', 'vm'],
  vmsMetFrom: ['within', 'outside'],
  parameters,
  effectUnit: 'frame',
});
