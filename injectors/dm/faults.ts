import { writeFile } from 'node:fs/promises';
import { parseDurationUs } from '../../clock/duration.ts';
import type { Injector } from '../injector.ts';
import type { Held } from '../storage/protected-disks.ts';
import { dmDelay, type DmDelayParameters } from './delay-descriptor.ts';
import { dmError, type DmErrorParameters } from './error-descriptor.ts';
import { dmFlakey, type DmFlakeyParameters } from './flakey-descriptor.ts';
import { DmInjector } from './injector.ts';
import type { Fault } from './table.ts';

export function dmInjectors(held: readonly Held[]): readonly Injector[] {
  return [
    new DmInjector({ descriptor: dmDelay, kinds: ['delay'], faultOf: delaying }, held),
    new DmInjector(
      {
        descriptor: dmError,
        kinds: ['error', 'flakey'],
        faultOf: failing,
        miscounted: failuresAreMiscounted,
      },
      held,
    ),
    new DmInjector(
      {
        descriptor: dmFlakey,
        kinds: ['flakey'],
        faultOf: corrupting,
        miscounted: corruptionIsMiscounted,
        afterwards: dropCachedPages,
      },
      held,
    ),
  ];
}

/** dm-delay takes the time for reads, then that for writes and flushes. */
export function delaying({ delay, direction }: DmDelayParameters): Fault {
  const ms = (parseDurationUs(delay) ?? 0) / 1000;
  const [ofReads, ofWrites] = [direction === 'write' ? 0 : ms, direction === 'read' ? 0 : ms];
  return (below, offset) => ({
    kind: 'delay',
    words: `${below} ${offset} ${ofReads} ${below} ${offset} ${ofWrites}`,
  });
}

export function failing({ direction }: DmErrorParameters): Fault {
  if (direction === 'both') return () => ({ kind: 'error', words: '' });
  return (below, offset) => flakey(below, offset, ['error_writes']);
}

export function corrupting({ direction, byte, value }: DmFlakeyParameters): Fault {
  const how = ['corrupt_bio_byte', byte, direction === 'read' ? 'r' : 'w', value, 0];
  return (below, offset) => flakey(below, offset, how);
}

/** What the target `error` fails at once, Linux counts no more since it begins to count at the remapping. */
export function failuresAreMiscounted({ direction }: DmErrorParameters, linux: string): string | undefined {
  if (direction === 'write' || !isAtLeast(linux, 5, 18)) return undefined;
  return 'Linux from 5.18 on does not count the transfers that device mapper fails';
}

/** Before that it looked for the bytes of a read when all of them were accounted for, and found none. */
export function corruptionIsMiscounted({ direction }: DmFlakeyParameters, linux: string): string | undefined {
  if (direction === 'write' || isAtLeast(linux, 6, 16)) return undefined;
  return 'dm-flakey of Linux before 6.16 lets what is read pass as it is, unless that was mended in this kernel';
}

function isAtLeast(linux: string, major: number, minor: number): boolean {
  const [ownMajor = 0, ownMinor = 0] = linux.split('.').map((part) => Number.parseInt(part, 10));
  return ownMajor > major || (ownMajor === major && ownMinor >= minor);
}

/** Never up, and so down all the time: that is when dm-flakey does what it is asked for. */
function flakey(below: string, offset: number, how: readonly (string | number)[]): ReturnType<Fault> {
  return { kind: 'flakey', words: [below, offset, 0, 1, how.length, ...how].join(' ') };
}

/** What was read corrupted would be read from memory still, after the fault. */
async function dropCachedPages(): Promise<string> {
  await writeFile('/proc/sys/vm/drop_caches', '1');
  return "the host's page cache was dropped after the fault, so that nothing corrupted is read from it";
}
