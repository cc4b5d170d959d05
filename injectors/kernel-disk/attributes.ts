import { parseDurationUs } from '../../clock/duration.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Attributes } from '../kernel-fault/injector.ts';
import type { DiskIdentity } from '../storage/disk.ts';
import { parseSectors } from '../storage/sectors.ts';
import type { KernelDiskCorruptParameters } from './corrupt-descriptor.ts';
import type { KernelDiskDelayParameters } from './delay-descriptor.ts';
import type { KernelDiskErrorParameters } from './error-descriptor.ts';
import type { KernelDiskUnavailableParameters } from './unavailable-descriptor.ts';

/** What is done to a command that was chosen, in the words of the module. */
export const attributesOf = {
  unavailable: ({ direction, errorHandling }: KernelDiskUnavailableParameters): Attributes => ({
    effect: 'unavailable',
    direction,
    pass_error_handling: errorHandling === 'passed' ? 1 : 0,
  }),
  error: ({ direction }: KernelDiskErrorParameters): Attributes => ({ effect: 'error', direction }),
  readOnly: (): Attributes => ({ effect: 'read_only', direction: 'write' }),
  delay: ({ delay, jitter, direction, timeouts, heldLimit }: KernelDiskDelayParameters): Attributes => ({
    effect: 'delay',
    direction,
    delay_us: parseDurationUs(delay) ?? 0,
    jitter_us: parseDurationUs(jitter) ?? 0,
    provoke_timeout: timeouts === 'provoked' ? 1 : 0,
    held_limit: heldLimit,
  }),
  corrupt: ({ direction, bits }: KernelDiskCorruptParameters): Attributes => ({
    effect: 'corrupt',
    direction,
    bits,
  }),
};

/** Which sectors it is about; what is not written there is all. */
export function sectorAttributes(sectors: string | undefined): Attributes {
  const range = sectors === undefined ? undefined : parseSectors(sectors);
  return range === undefined ? {} : { first_sector: range.first, last_sector: range.last };
}

/** How the module is told which disk is meant. Commands of other kinds of disks do not come through the SCSI layer, and cannot be met there. */
export function diskAttributes({ name, number, scsi }: DiskIdentity, effect: Attributes): Attributes {
  if (scsi !== undefined) return { scsi };
  if (effect['effect'] === 'corrupt' && effect['direction'] === 'read') return { disk: number };
  throw new OrdealError(
    'UNSUPPORTED',
    `the disk ${name} is not SCSI: of such, only what is read can be corrupted`,
    { remedy: 'Choose a SCSI disk (its facts in `ordeal hosts` have a SCSI address), or corrupt its reads.' },
  );
}
