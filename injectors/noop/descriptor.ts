import { z } from 'zod';
import type { Descriptor } from '../descriptor.ts';

const parameters = z.strictObject({});

export const noop: Descriptor<z.infer<typeof parameters>> = {
  name: 'noop',
  summary: 'Does nothing: the placebo by which the cost of injecting itself is measured.',
  serves: [],
  modes: ['permanent', 'probabilistic', 'oneIn', 'burst'],
  parameters,
  oneShot: false,
  kernelHolds: 'nothing',
  effectUnit: 'effect',
};
