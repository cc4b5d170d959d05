import type { OutcomeClass } from './outcome-class.ts';
import type { Interval } from './statistics/interval.ts';
import type { Judgement, Percentile, Verdict } from './measures.ts';

/** After the fault: L50 and L90 from the intended send, throughput; and U. Plain data of measures.json. */
export type Compared = Judgement['measure'];

/** One measure of the valid trials of a group. Microseconds, or requests a second. */
export interface Spread {
  readonly measure: Compared;
  /** Of so many trials it is known. */
  readonly n: number;
  readonly median: Bounded;
  /** What nine of ten trials did not exceed; of the throughput, what nine of ten did not fall below. */
  readonly nineOfTen: Bounded;
  /** The largest; of the throughput, the least. */
  readonly worst: Percentile;
}

/** With its 95% bootstrap interval, as infinitely many draws would have it. */
export interface Bounded {
  readonly value: Percentile;
  readonly low: Percentile;
  readonly high: Percentile;
}

/** The trials of one cell, or of one fault, against all golden runs of the campaign. */
export interface Comparison {
  readonly by: 'cell' | 'fault';
  readonly name: string;
  readonly measure: Compared;
  /** Valid trials of which the measure is known, and golden runs. */
  readonly n: number;
  readonly golden: number;
  /** Cliff's delta with its 95% interval: above 0 where the trials with the fault have more of the measure. */
  readonly delta: (Interval & { readonly value: number }) | 'unknown';
  /** Of the permutation test of Mann and Whitney. */
  readonly p: number | 'unknown';
  /** After Holm's correction for the comparisons of this measure over all cells, or over all faults. */
  readonly corrected: number | 'unknown';
  /** How the permutations were gone through, and whether only within blocks. Absent where nothing could be tested. */
  readonly method?: 'exact' | 'monte-carlo';
  readonly within?: 'blocks' | 'campaign';
  /** After the correction at 5%. False is: not distinguishable, which is not the same as equal. */
  readonly distinguishable: boolean | 'unknown';
  /** The smallest corrected p that so many trials can come to. */
  readonly smallest: number;
}

/** Whether a measure of the golden runs rises or falls from one to the next. */
export interface Drift {
  readonly measure: Compared;
  readonly n: number;
  /** Kendall's: 1 where it rises each time, -1 where it falls. */
  readonly tau: number | 'unknown';
  readonly p: number | 'unknown';
  /** After Holm's correction for the measures. */
  readonly corrected: number | 'unknown';
  readonly method?: 'exact' | 'normal';
  /** From the first golden run to the last, by the slope of Theil and Sen. */
  readonly change: number | 'unknown';
  readonly drifts: boolean | 'unknown';
}

/** U by another window or rate, and each conclusion that would be another one by it. */
export interface SensitiveConclusions {
  readonly windowUs: number;
  readonly errorRate: number;
  readonly changed: readonly ChangedConclusion[];
}

export type ChangedConclusion =
  | { readonly of: 'verdict'; readonly trial: string; readonly from: Verdict; readonly to: Verdict }
  | { readonly of: 'recovered'; readonly trial: string; readonly from: boolean; readonly to: boolean }
  | {
      readonly of: 'distinguishable';
      readonly cell: string;
      readonly from: boolean | 'unknown';
      readonly to: boolean | 'unknown';
    };

/** How many trials came to which outcome, those alone that any did. */
export type OutcomeCounts = Readonly<Partial<Record<OutcomeClass, number>>>;
