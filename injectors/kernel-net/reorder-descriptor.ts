import { z } from 'zod';
import { kernelDescriptor } from '../kernel-fault/kernel-descriptor.ts';
import { filterMakesSense, senselessFilter } from '../packet-filter.ts';
import { directionParameter, durationParameter, frameParameters, heldLimit } from './parameters.ts';

const gap = z
  .int()
  .min(1)
  .max(1_000)
  .default(3)
  .describe('How many later frames overtake one that is chosen, 1 to 1000.');

const hold = durationParameter({
  leastUs: 1,
  usual: '100ms',
  what: 'How long a frame waits for these at the most',
});

const parameters = z
  .strictObject({ gap, hold, heldLimit, direction: directionParameter('out'), ...frameParameters })
  .refine(filterMakesSense, senselessFilter);

export type KernelNetReorderParameters = z.infer<typeof parameters>;

export const kernelNetReorder = kernelDescriptor<KernelNetReorderParameters>({
  name: 'kernel-net-reorder',
  summary: 'Has frames overtaken by those behind them: the mode says which ones are.',
  serves: 'network.corruption',
  on: ['nic', 'container', 'vm'],
  vmsMetFrom: ['within', 'outside'],
  // Where every frame waits, none is overtaken.
  modes: ['probabilistic', 'oneIn', 'burst'],
  parameters,
  effectUnit: 'frame',
});
