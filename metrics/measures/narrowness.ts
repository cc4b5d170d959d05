import type { Narrow, Until } from '../../campaign/sequential/until.ts';
import type { GroupMeasures, Percentile } from './measures.ts';

/** How wide an interval is, of the group in which it is the widest. */
export interface Width {
  readonly measure: string;
  /** Of the group. */
  readonly name: string;
  readonly width: number | 'unknown';
  readonly asked: number;
  readonly isNarrow: boolean;
}

/** The widest of each that is asked for. One that is not known is not narrow. */
export function widthsOf(
  groups: readonly GroupMeasures[],
  { narrow, atLeast }: Pick<Until, 'narrow' | 'atLeast'>,
): Width[] {
  return narrow.map(({ measure, by, width: most }) => {
    const found = groups
      .filter((group) => group.by === by)
      .map((group) => ({ name: group.name, width: widthOf(group, measure, atLeast) }))
      .toSorted((one, other) => order(other.width) - order(one.width));
    const { name, width } = found[0] ?? { name: by, width: 'unknown' as const };
    return { measure, name, width, asked: most, isNarrow: width !== 'unknown' && width <= most };
  });
}

function order(width: Width['width']): number {
  return width === 'unknown' ? Number.MAX_VALUE : width;
}

function widthOf(
  { infrastructure, spreads }: GroupMeasures,
  measure: Narrow['measure'],
  atLeast: number,
): Width['width'] {
  if (measure === 'detection' || measure === 'recovery') {
    const { n, low, high } = infrastructure[measure].coverage;
    return n === 0 ? 'unknown' : high - low;
  }
  // The bootstrap interval of one value has no width; that of a share knows how few it rests on.
  const spread = spreads.find((one) => one.measure === measure);
  if (spread === undefined || spread.n < atLeast) return 'unknown';
  return between(spread.median.low, spread.median.high);
}

/** Where both ends never recovered, nothing is open; where one did, the interval has no end. */
function between(low: Percentile, high: Percentile): Width['width'] {
  if (low === 'failed' && high === 'failed') return 0;
  return typeof low === 'number' && typeof high === 'number' ? high - low : 'unknown';
}
