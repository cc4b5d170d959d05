import { z } from 'zod';
import type { Descriptor } from '../../../injectors/descriptor.ts';

const parameters = z.strictObject({
  limit: z
    .int()
    .min(0)
    .max(4_000_000)
    .default(0)
    .describe('How many tasks the container may have, 0 to 4000000; those that are there already stay.'),
});

export type TaskLimitParameters = z.infer<typeof parameters>;

export const taskLimitDescriptor: Descriptor<TaskLimitParameters> = {
  name: 'task-limit',
  summary: 'Lets a container start no processes and threads beyond a limit.',
  serves: [
    {
      cell: 'virtual.cpu.unavailability',
      targets: ['container'],
      substituteBecause: 'only what would be started gets no CPU; what runs already keeps its own',
    },
  ],
  modes: ['permanent'],
  parameters,
  oneShot: false,
  kernelHolds: 'nothing',
  effectUnit: 'refused task',
};
