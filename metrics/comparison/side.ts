import type { Share } from '../measures/statistics/fisher.ts';
import type { LatencyMark } from './aggregates.ts';
import type { InnerContradiction } from './inner-contradictions.ts';
import type { ComparedMeasure, ShareMeasure, ValueMeasure } from './measure.ts';

/** One of the two that are compared: a saved run or aggregates, in what they have in common. */
export interface Side {
  readonly name: string;
  readonly kind: 'saved run' | 'aggregates';
  /** The campaign id, or where the aggregates were published. */
  readonly source: string;
  /** What its numbers depend on beside the infrastructure. */
  readonly conditions: readonly Condition[];
  /** First the golden runs, then the cells. */
  readonly rows: readonly SideRow[];
  readonly contradictions: readonly InnerContradiction[];
  /** The averages over its cells that the source itself has printed. */
  readonly printed: Readonly<Partial<Record<LatencyMeasure, number>>>;
}

export type LatencyMeasure = Extract<ValueMeasure, 'detection-latency' | 'recovery-latency'>;

/** One thing that has to be the same on both sides, or what differs may not be the infrastructure. */
export interface Condition {
  readonly what: string;
  readonly said: string;
  /** Absent: of all rows. */
  readonly row?: string;
  /** Absent: of all measures. */
  readonly affects?: readonly ComparedMeasure[];
  /** It is of the infrastructure itself, so that it may well differ. */
  readonly isItsOwn?: true;
}

export const goldenRow = 'golden runs';

export interface SideRow {
  /** A cell, or the golden runs (`golden runs`, or of one class `golden runs: REGISTER`). */
  readonly name: string;
  readonly trials: number;
  readonly shares: Readonly<Partial<Record<ShareMeasure, Share>>>;
  /** Of each trial; Infinity where it never came to an end. */
  readonly values: Readonly<Partial<Record<ValueMeasure, readonly number[]>>>;
  /** Where only an average is known. */
  readonly averages: Readonly<Partial<Record<ValueMeasure, Average>>>;
  /** Who recovered. */
  readonly by?: Repairers;
}

export interface Repairers {
  readonly management: number;
  readonly node: number;
}

/** In the unit of the measure; or why there is none. */
export type Average =
  | {
      readonly value: number;
      readonly of: 'mean' | 'median';
      /** Of those cases only that came to an end. */
      readonly isPartial: boolean;
    }
  | { readonly mark: LatencyMark };

export function isGolden(row: string): boolean {
  return row === goldenRow || row.startsWith(`${goldenRow}: `);
}
