import { z } from 'zod';
import { parseByteSize } from '../byte-size.ts';
import type { Descriptor } from '../descriptor.ts';

/** A limit below this kills whatever runs there at once, and says nothing of how it bears a want of memory. */
const smallestBytes = 64 * 1024;
const largestBytes = 2 ** 50;

const limit = z
  .string()
  .refine(isLimit, 'must be a size such as "64MiB", or "+1MiB" for so much above what it holds')
  .default('+1MiB')
  .describe(
    'The memory that the container may use, swap included, in B, kB, KiB, MB, MiB, GB or GiB: "64KiB" to "1048576GiB"; or, with a "+", above what it holds and cannot give back when the injection is staged (files that are cached do not count). It must be less than its limit now.',
  );

const parameters = z.strictObject({ limit });

export type MemoryLimitParameters = z.infer<typeof parameters>;

export const memoryLimit: Descriptor<MemoryLimitParameters> = {
  name: 'memory-limit',
  summary:
    "Cuts the container's memory limit: what it asks for above is refused, or paid for with a process.",
  serves: [{ cell: 'virtual.memory.unavailability', targets: ['container', 'vm'], vmsMetFrom: ['outside'] }],
  modes: ['permanent'],
  parameters,
  oneShot: false,
  kernelHolds: 'nothing',
  effectUnit: 'hit of the limit',
};

/** In bytes, for a container that holds so many. */
export function limitFor({ limit: text }: MemoryLimitParameters, heldBytes: number): number {
  const bytes = parseByteSize(text.replace('+', '')) ?? Number.NaN;
  return text.startsWith('+') ? heldBytes + bytes : bytes;
}

function isLimit(text: string): boolean {
  const bytes = parseByteSize(text.replace(/^\+/, '')) ?? Number.NaN;
  return bytes >= (text.startsWith('+') ? 0 : smallestBytes) && bytes <= largestBytes;
}
