import { z } from 'zod';
import { parseDurationUs } from '../../clock/duration.ts';
import { kernelDescriptor } from '../kernel-fault/kernel-descriptor.ts';
import { filterMakesSense, senselessFilter } from '../packet-filter.ts';
import { directionParameter, durationParameter, frameParameters, heldLimit } from './parameters.ts';

const delay = durationParameter({ leastUs: 1, usual: '100ms', what: 'How long each frame is held back' });
const jitter = durationParameter({
  leastUs: 0,
  usual: '0ms',
  what: 'How much the delay varies to either side, evenly and by the seed, and not above the delay',
});

const parameters = z
  .strictObject({ delay, jitter, heldLimit, direction: directionParameter('out'), ...frameParameters })
  .refine(filterMakesSense, senselessFilter)
  .refine((given) => (parseDurationUs(given.jitter) ?? 0) <= (parseDurationUs(given.delay) ?? 0), {
    path: ['jitter'],
    message: 'is more than the delay',
  });

export type KernelNetDelayParameters = z.infer<typeof parameters>;

export const kernelNetDelay = kernelDescriptor<KernelNetDelayParameters>({
  name: 'kernel-net-delay',
  summary:
    'Holds frames back before the driver, and what is received before the host sees it; what is held when the fault ends goes at once, in its order.',
  serves: 'network.delay',
  on: ['nic', 'container', 'vm'],
  vmsMetFrom: ['within', 'outside'],
  parameters,
  effectUnit: 'frame',
});
