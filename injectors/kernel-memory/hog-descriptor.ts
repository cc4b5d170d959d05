import { z } from 'zod';
import { kernelDescriptor } from '../kernel-fault/kernel-descriptor.ts';
import { isPortion } from '../portion.ts';

const parameters = z.strictObject({
  floor: z
    .string()
    .refine(isPortion, 'must be a size ("256MiB") or a share from "0%" to "99%"')
    .default('10%')
    .describe(
      'How much of its memory is left to programs: a size, or a share of all that the host has from "0%" to "99%". Not less than 16 MiB, and less than programs could have (MemAvailable) when the injection is staged.',
    ),
  reclaim: z
    .enum(['light', 'hard'])
    .default('light')
    .describe(
      'How it takes what the kernel has to free first: "light" a page that cannot be freed soon is asked for again later; "hard" the kernel tries for long, and so slows others, too.',
    ),
});

export type KernelMemoryHogParameters = z.infer<typeof parameters>;

export const kernelMemoryHog = kernelDescriptor<KernelMemoryHogParameters>({
  name: 'kernel-memory-hog',
  summary: 'Takes memory of a host by a thread of the kernel until no more than a floor is left to programs.',
  serves: 'memory.unavailability',
  on: ['host', 'vm'],
  // What is held is held until the end.
  modes: ['permanent'],
  parameters,
  effectUnit: 'page',
});
