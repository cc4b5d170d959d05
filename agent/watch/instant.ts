import type { Stamp } from './source.ts';

/** When a line was read, by both clocks of the host. */
export interface Reading {
  readonly wallUs: number;
  readonly monoUs: number;
}

export interface Instant {
  /** Never later than the reading. */
  readonly monoUs: number;
  readonly resolutionUs: number;
  readonly stamped: boolean;
}

/** Less than any two zones are apart; a host that hangs and then reads on can be late by minutes. */
const oldestUs = 600_000_000;
/** A line is written before it is read, but stamps are rounded, and other clocks are not set by ours. */
const aheadUs = 1_000_000;
/** As fine as the wall clock is read here. */
const wallClockUs = 1_000;

/**
 * When a line was written: by that of its possible stamps that is nearest to the reading, or, where none can be believed (another zone, another
 * clock, another day), when it was read.
 */
export function instantOf(stamps: readonly Stamp[], reading: Reading): Instant {
  const [nearest] = stamps
    .map((stamp) => ({ stamp, ageUs: ageOf(stamp, reading) }))
    .filter(({ ageUs }) => ageUs <= oldestUs && ageUs >= -aheadUs)
    .sort((one, other) => Math.abs(one.ageUs) - Math.abs(other.ageUs));
  if (nearest === undefined) return { monoUs: reading.monoUs, resolutionUs: 0, stamped: false };
  const { stamp, ageUs } = nearest;
  return {
    monoUs: Math.max(0, reading.monoUs - Math.max(0, ageUs)),
    resolutionUs: 'wallUs' in stamp ? Math.max(stamp.resolutionUs, wallClockUs) : stamp.resolutionUs,
    stamped: true,
  };
}

function ageOf(stamp: Stamp, { wallUs, monoUs }: Reading): number {
  return 'wallUs' in stamp ? wallUs - stamp.wallUs : monoUs - stamp.monoUs;
}
