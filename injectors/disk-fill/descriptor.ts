import { z } from 'zod';
import type { Descriptor } from '../descriptor.ts';
import { bytesOf, isPortion } from '../portion.ts';
import { directoryParameter } from '../storage/directory-parameter.ts';

const directory = directoryParameter
  .default('/tmp')
  .describe(
    'A directory of the filesystem that is to be filled, as the target sees it: an absolute path, in which nothing is a symbolic link. In a container, it is that of its first process.',
  );

const leave = z
  .string()
  .refine(isPortion, 'must be a size ("16MiB") or a share from "0%" to "99%"')
  .default('0B')
  .describe(
    'How much stays free: a size from "0B" on, or a share of the filesystem from "0%" to "99%". What root alone may use counts as free, and is filled too.',
  );

const parameters = z.strictObject({ directory, leave });

export type DiskFillParameters = z.infer<typeof parameters>;

const substituteBecause =
  'Writes that need new space fail with ENOSPC, and all else goes on: what is there can be read and written over. The fault model asks for commands to the disk that fail, which takes a kernel module.';

export const diskFill: Descriptor<DiskFillParameters> = {
  name: 'disk-fill',
  summary: 'Fills the filesystem of a directory with a file without a name.',
  serves: [
    { cell: 'virtual.storage.unavailability', targets: ['container'], substituteBecause },
    { cell: 'physical.storage.unavailability', targets: ['host'], substituteBecause },
  ],
  modes: ['permanent'],
  parameters,
  oneShot: false,
  kernelHolds: 'nothing',
  effectUnit: 'mebibyte taken',
};

/** Of a filesystem of so many bytes, those that stay free. */
export function leftFree({ leave: text }: DiskFillParameters, sizeBytes: number): number {
  return bytesOf(text, sizeBytes);
}
