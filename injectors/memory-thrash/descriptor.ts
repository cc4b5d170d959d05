import { z } from 'zod';
import { parseByteSize } from '../byte-size.ts';
import type { Descriptor } from '../descriptor.ts';

/** The thrashers themselves need some megabytes; more room than the largest does not make it slower. */
const smallestRoom = 16 * 1024 ** 2;
const largestRoom = 1024 ** 3;

const pressure = z
  .string()
  .refine((text) => percentOf(text) >= 1 && percentOf(text) <= 60, 'must be a percentage from "1%" to "60%"')
  .default('20%')
  .describe(
    'The share of time in which some task of the target is to wait for memory, as the kernel\'s pressure stall information has it: "1%" to "60%". It steers the fault where the kernel has that; on a host it has to.',
  );

const refaults = z
  .int()
  .min(100)
  .max(1_000_000)
  .default(50_000)
  .describe(
    'How many pages a second are to be read again that were taken away before: 100 to 1000000. It steers the fault of a container where the kernel has no pressure stall information.',
  );

const room = z
  .string()
  .refine(isRoom, 'must be a size from "16MiB" to "1GiB"')
  .default('24MiB')
  .describe(
    'What the container may use above what it holds and cannot give back, or what is left of the memory of a host at the least: "16MiB" to "1GiB". In it the thrashers and the cached files of the target push each other out.',
  );

const parameters = z.strictObject({ pressure, refaults, room });

export type MemoryThrashParameters = z.infer<typeof parameters>;

export const memoryThrash: Descriptor<MemoryThrashParameters> = {
  name: 'memory-thrash',
  summary:
    'Keeps a container, or all of a host, short of memory by processes that read without end, up to a pressure.',
  serves: [
    { cell: 'virtual.memory.delay', targets: ['container', 'vm'], vmsMetFrom: ['within', 'outside'] },
    { cell: 'physical.memory.delay', targets: ['host'] },
  ],
  modes: ['permanent'],
  parameters,
  oneShot: false,
  kernelHolds: 'nothing',
  effectUnit: 'page read again',
};

export function roomOf({ room: text }: MemoryThrashParameters): number {
  return parseByteSize(text) ?? Number.NaN;
}

export function pressureOf({ pressure: text }: MemoryThrashParameters): number {
  return percentOf(text) / 100;
}

function isRoom(text: string): boolean {
  const bytes = parseByteSize(text) ?? 0;
  return bytes >= smallestRoom && bytes <= largestRoom;
}

function percentOf(text: string): number {
  return /^\d+(\.\d+)?%$/.test(text) ? Number(text.slice(0, -1)) : Number.NaN;
}
