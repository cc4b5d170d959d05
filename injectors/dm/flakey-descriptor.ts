import { z } from 'zod';
import type { Descriptor } from '../descriptor.ts';
import { sectors } from '../storage/sectors.ts';
import { backedDirectory } from '../storage/target-disk.ts';

/** The smallest transfer of most filesystems: a byte within it is there in each. */
const lastByte = 4096;

const direction = z
  .enum(['read', 'write'])
  .default('read')
  .describe('Which transfers are corrupted: those that read, or those that write.');

const byte = z
  .int()
  .min(1)
  .max(lastByte)
  .default(33)
  .describe(
    `Which byte of each transfer is replaced, counted from 1: 1 to ${lastByte}. A shorter transfer is left alone.`,
  );

const value = z
  .int()
  .min(0)
  .max(255)
  .default(255)
  .describe(
    'The value that is put there: 0 to 255. Where the byte has that value already, nothing is changed.',
  );

const parameters = z.strictObject({ direction, byte, value, sectors, directory: backedDirectory });

export type DmFlakeyParameters = z.infer<typeof parameters>;

const substituteBecause =
  'One byte is replaced by the same value in every transfer, in device mapper, above the driver, so only on a disk that was set up by device mapper; the fault model asks for bits that change at the completion of commands. Before Linux 6.5 a write is changed in the page cache itself, not in a copy. Before 6.16 reads may be left as they are.';

export const dmFlakey: Descriptor<DmFlakeyParameters> = {
  name: 'dm-flakey',
  summary:
    'Replaces a byte of each transfer of a device of device mapper, by dm-flakey in place of its linear table.',
  serves: [
    { cell: 'physical.storage.corruption', targets: ['disk'], substituteBecause },
    { cell: 'virtual.storage.corruption', targets: ['container'], substituteBecause },
  ],
  modes: ['permanent'],
  parameters,
  oneShot: false,
  kernelHolds: 'nothing',
  effectUnit: 'transfer completed',
};
