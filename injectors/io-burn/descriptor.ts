import { z } from 'zod';
import { parseByteSize } from '../byte-size.ts';
import type { Descriptor } from '../descriptor.ts';
import { directoryParameter } from '../storage/directory-parameter.ts';

/** More of them only wait in the queue of the disk. */
const mostBurners = 64;

/** As many requests as the fastest disks take. */
const mostRequests = 1_000_000;

/** The smallest piece that every disk takes, and the largest that stays one request on most. */
const block = { least: 4096, most: 1024 ** 2 } as const;

const smallestSize = 1024 ** 2;
const largestSize = 64 * 1024 ** 3;

const directory = directoryParameter
  .default('/var/tmp')
  .describe(
    'A directory on the disk that is to be kept busy, as the target sees it: an absolute path, in which nothing is a symbolic link. In a container, it is that of its first process.',
  );

const burners = z
  .int()
  .min(1)
  .max(mostBurners)
  .default(4)
  .describe(`How many processes write, each with one request at a time: 1 to ${mostBurners}.`);

const requests = z
  .int()
  .min(1)
  .max(mostRequests)
  .default(10_000)
  .describe(
    `How many requests a second all burners make together, where the disk takes so many: 1 to ${mostRequests}.`,
  );

const blockSize = sized(block.least, block.most, '"4KiB" to "1MiB", in steps of 4KiB')
  .refine((text) => bytesOf(text) % block.least === 0, 'must be a multiple of 4KiB')
  .default('64KiB')
  .describe('How much one request writes: "4KiB" to "1MiB", in steps of 4KiB.');

const size = sized(smallestSize, largestSize, '"1MiB" to "64GiB"')
  .default('16MiB')
  .describe(
    'How much space each burner writes over again and again: "1MiB" to "64GiB". All together take half of what is free at the most.',
  );

const parameters = z.strictObject({ directory, burners, requests, block: blockSize, size });

export type IoBurnParameters = z.infer<typeof parameters>;

const substituteBecause =
  'The disk is kept busy by requests of its own, and others wait behind them, as long as the load has it, and little on a disk that serves many at once. The fault model asks for commands to the disk that are delayed themselves, by a time that is set, which takes a kernel module.';

export const ioBurn: Descriptor<IoBurnParameters> = {
  name: 'io-burn',
  summary: 'Keeps the disk of a directory busy by processes that write and wait until the disk has it.',
  serves: [
    { cell: 'virtual.storage.delay', targets: ['container'], substituteBecause },
    { cell: 'physical.storage.delay', targets: ['host'], substituteBecause },
  ],
  modes: ['permanent'],
  parameters,
  oneShot: false,
  kernelHolds: 'nothing',
  effectUnit: 'request completed',
};

export function bytesOf(text: string): number {
  return parseByteSize(text) ?? Number.NaN;
}

/** The space that all burners take. */
export function takenBy({ burners: count, size: each }: IoBurnParameters): number {
  return count * bytesOf(each);
}

function sized(least: number, most: number, allowed: string): z.ZodString {
  return z
    .string()
    .refine((text) => bytesOf(text) >= least && bytesOf(text) <= most, `must be a size from ${allowed}`);
}
