import { z } from 'zod';
import type { Descriptor } from '../descriptor.ts';
import { sectors } from '../storage/sectors.ts';
import { backedDirectory } from '../storage/target-disk.ts';

const direction = z
  .enum(['write', 'both'])
  .default('both')
  .describe('Which transfers fail: those that write only, or all ("both").');

const parameters = z.strictObject({ direction, sectors, directory: backedDirectory });

export type DmErrorParameters = z.infer<typeof parameters>;

const substituteBecause =
  'Transfers fail in device mapper, above the driver, so only on a disk that was set up by device mapper; the fault model asks for commands that the SCSI host answers as if the disk were not connected.';

export const dmError: Descriptor<DmErrorParameters> = {
  name: 'dm-error',
  summary:
    'Fails the transfers of a device of device mapper, by dm-error or dm-flakey in place of its linear table.',
  serves: [
    { cell: 'physical.storage.unavailability', targets: ['disk'], substituteBecause },
    { cell: 'virtual.storage.unavailability', targets: ['container'], substituteBecause },
  ],
  modes: ['permanent'],
  parameters,
  oneShot: false,
  kernelHolds: 'nothing',
  effectUnit: 'transfer failed',
};
