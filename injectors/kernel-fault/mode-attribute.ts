import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Mode } from '../mode.ts';

/** The kernel draws a share in parts of so many. */
const parts = 1_000_000_000;
/** core/mode.c: LONGEST_BURST_US. */
const longestBurstUs = 3_600_000_000;

/** A mode as the attribute `mode` takes it. Refuses what the kernel could not carry out as it was asked for. */
export function modeAttribute(mode: Mode): string {
  switch (mode.kind) {
    case 'permanent':
      return 'permanent';
    case 'probabilistic': {
      const share = Math.round(mode.share * parts);
      const isOne = share >= 0 && share <= parts;
      if (!isOne) throw refused(`the share ${mode.share} is not between 0 and 1`);
      if (mode.share > 0 && share === 0)
        throw refused(`the share ${mode.share} is too small: the kernel draws in billionths`);
      return `share ${share}`;
    }
    case 'oneIn':
      if (!isWhole(mode.n, 1, parts)) throw refused(`one in n needs a whole n from 1 to ${parts}`);
      return `one_in ${mode.n}`;
    case 'burst':
      if (!isWhole(mode.onUs, 1, longestBurstUs) || !isWhole(mode.offUs, 1, longestBurstUs))
        throw refused('a burst needs a time on and a time off, each from 1us to 1h');
      return `burst ${mode.onUs} ${mode.offUs}`;
  }
}

/** The share of transfers that a mode asks for; of time, where it is bursts. */
export function shareAsked(mode: Mode): number {
  switch (mode.kind) {
    case 'permanent':
      return 1;
    case 'probabilistic':
      return mode.share;
    case 'oneIn':
      return 1 / mode.n;
    case 'burst':
      return mode.onUs / (mode.onUs + mode.offUs);
  }
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function refused(what: string): OrdealError {
  return new OrdealError('INVALID_INPUT', what);
}
