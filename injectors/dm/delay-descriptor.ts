import { z } from 'zod';
import { parseDurationUs } from '../../clock/duration.ts';
import type { Descriptor } from '../descriptor.ts';
import { sectors } from '../storage/sectors.ts';
import { backedDirectory } from '../storage/target-disk.ts';

const longestUs = 10_000_000;
const stepUs = 1_000;

const delay = z
  .string()
  .refine(isDelay, 'must be a duration from "1ms" to "10s", in whole milliseconds')
  .default('100ms')
  .describe('How long each transfer is held back: "1ms" to "10s", in whole milliseconds.');

const direction = z
  .enum(['read', 'write', 'both'])
  .default('both')
  .describe('Which transfers are held back: those that read, those that write (with flushes), or both.');

const parameters = z.strictObject({ delay, direction, sectors, directory: backedDirectory });

export type DmDelayParameters = z.infer<typeof parameters>;

const substituteBecause =
  'Transfers wait in device mapper, above the driver, so only on a disk that was set up by device mapper; the fault model asks for commands delayed before the driver. When a transfer goes on is a matter of the ticks of the kernel, some milliseconds.';

export const dmDelay: Descriptor<DmDelayParameters> = {
  name: 'dm-delay',
  summary: 'Holds the transfers of a device of device mapper back, by dm-delay in place of its linear table.',
  serves: [
    { cell: 'physical.storage.delay', targets: ['disk'], substituteBecause },
    { cell: 'virtual.storage.delay', targets: ['container'], substituteBecause },
  ],
  modes: ['permanent'],
  parameters,
  oneShot: false,
  kernelHolds: 'nothing',
  effectUnit: 'transfer completed',
};

function isDelay(text: string): boolean {
  const us = parseDurationUs(text) ?? 0;
  return us >= stepUs && us <= longestUs && us % stepUs === 0;
}
