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
    new DmInjector({ descriptor: dmError, kinds: ['error', 'flakey'], faultOf: failing }, held),
    new DmInjector(
      { descriptor: dmFlakey, kinds: ['flakey'], faultOf: corrupting, afterwards: dropCachedPages },
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

/** Never up, and so down all the time: that is when dm-flakey does what it is asked for. */
function flakey(below: string, offset: number, how: readonly (string | number)[]): ReturnType<Fault> {
  return { kind: 'flakey', words: [below, offset, 0, 1, how.length, ...how].join(' ') };
}

/** What was read corrupted would be read from memory still, after the fault. */
async function dropCachedPages(): Promise<string> {
  await writeFile('/proc/sys/vm/drop_caches', '1');
  return "the host's page cache was dropped after the fault, so that nothing corrupted is read from it";
}
