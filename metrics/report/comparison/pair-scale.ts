import type { MeasureComparison, RowComparison } from '../../comparison/comparison.ts';
import { perSecond, span } from '../format.ts';
import { linearScale, logarithmicScale } from '../scale.ts';

export interface PairScale {
  /** From 0 to 1. */
  readonly place: (value: number) => number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

/** The one axis of all rows of a measure: shares from none to all, latencies by their order of magnitude, all else from zero on. */
export function pairScale({ measure, unit, rows }: MeasureComparison): PairScale {
  if (unit === undefined) return { place: (share) => share, ticks: [0, 0.25, 0.5, 0.75, 1].map(shareTick) };
  const values = rows.flatMap(valuesOf);
  const label = (value: number): string => (unit === '/s' ? perSecond(value) : span(value));
  const isLatency = measure === 'l50' || measure === 'l90';
  if (isLatency) {
    const { place, ticks } = logarithmicScale(values);
    return { place, ticks: ticks.map((at) => ({ at, label: label(at) })) };
  }
  const factor = unit === 'us' ? 1e6 : 1;
  const { place, ticks } = linearScale(values.map((value) => value / factor));
  return {
    place: (value) => place(value / factor),
    ticks: ticks.map((at) => ({ at: at * factor, label: label(at * factor) })),
  };
}

function shareTick(at: number): { at: number; label: string } {
  return { at, label: `${at * 100}%` };
}

function valuesOf(row: RowComparison): number[] {
  if (row.kind === 'shares') return [];
  if (row.kind === 'values')
    return [row.one, row.other].flatMap(({ least, largest, median }) =>
      [least, median, largest].filter((value) => value !== 'never'),
    );
  return [row.one, row.other].flatMap((average) =>
    average === undefined || 'mark' in average ? [] : [average.value],
  );
}
