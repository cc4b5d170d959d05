import type { Proportion } from '../measures/measures.ts';
import type { Difference } from '../measures/statistics/newcombe.ts';
import type { Effect } from '../measures/statistics/cliffs-delta.ts';
import type { InnerContradiction } from './inner-contradictions.ts';
import type { ComparedMeasure, MeasureFacts } from './measure.ts';
import type { Average, LatencyMeasure, Repairers, Side } from './side.ts';

/** What two sides come to beside each other; plain data, as `ordeal compare --json` answers it. */
export interface Comparison {
  readonly version: 1;
  readonly one: SideFacts;
  readonly other: SideFacts;
  /** In what they are not like for like; first what counts against the rows that it is of. */
  readonly unlike: readonly Unlike[];
  readonly measures: readonly MeasureComparison[];
  readonly averages: readonly AverageComparison[];
  readonly contradictions: readonly ToldContradiction[];
  /** Rows that only one of them has. */
  readonly onlyOne: readonly string[];
  readonly onlyOther: readonly string[];
}

export interface SideFacts extends Pick<Side, 'name' | 'kind' | 'source'> {
  readonly trials: number;
}

export interface Unlike {
  readonly what: string;
  readonly one: string;
  readonly other: string;
  /** Absent: all. */
  readonly rows?: readonly string[];
  readonly affects?: readonly ComparedMeasure[];
  /** It belongs to the infrastructure, so that no row is less like for like because of it. */
  readonly isItsOwn?: true;
}

export interface MeasureComparison extends MeasureFacts {
  readonly measure: ComparedMeasure;
  /** Of values; absent of shares. */
  readonly unit?: 'us' | '/s';
  /** Over the cells that both have. */
  readonly total?: RowComparison;
  readonly rows: readonly RowComparison[];
  /** How many tests the p of each row is corrected for. */
  readonly tests: number;
}

/** Not testable: one side has no trial by itself, or nothing. */
export type Finding = 'distinguishable' | 'not distinguishable' | 'not testable';

interface Compared {
  readonly row: string;
  readonly finding: Finding;
  /** By the test of this row alone. */
  readonly p?: number;
  /** After Holm's correction over the rows of the measure; absent of a total, which is one test. */
  readonly corrected?: number;
  /** The smallest p that so many trials can come to, corrected as much as the smallest of all rows is. */
  readonly smallestP?: number;
  /** Which side is better; only where they are distinguishable. */
  readonly better?: 'one' | 'other';
  /** Why it is not like for like. */
  readonly unlike: readonly string[];
}

export interface SharesCompared extends Compared {
  readonly kind: 'shares';
  readonly one?: Proportion;
  readonly other?: Proportion;
  /** Who recovered; of recoveries, where it is known. */
  readonly by?: { readonly one?: Repairers; readonly other?: Repairers };
  /** The one's share less the other's, with its interval. */
  readonly difference?: Difference;
}

export interface ValuesCompared extends Compared {
  readonly kind: 'values';
  readonly one: Spread;
  readonly other: Spread;
  /** Cliff's delta; of a total without an interval. */
  readonly delta: Effect | { readonly delta: number };
  /** By how much the one is above the other. Of no total: cells differ. */
  readonly shift?: { readonly by: Bound; readonly low: Bound; readonly high: Bound };
  readonly method: 'exact' | 'monte-carlo';
}

/** Without an end where something never came to one, or where so few values exclude nothing. */
export type Bound = number | '-∞' | '+∞';

/** `never`: it did not come to an end. */
export interface Spread {
  readonly n: number;
  readonly never: number;
  readonly median: number | 'never';
  readonly least: number | 'never';
  readonly largest: number | 'never';
}

/** All that is known where one side has published an average: no test can be made of it. */
export interface AveragesCompared extends Compared {
  readonly kind: 'averages';
  readonly finding: 'not testable';
  readonly one?: Average;
  readonly other?: Average;
}

export type RowComparison = SharesCompared | ValuesCompared | AveragesCompared;

/** An average over cells, by each rule that leaves out the same on both sides. */
export interface AverageComparison {
  readonly measure: LatencyMeasure;
  readonly title: string;
  readonly rules: readonly RuleAverages[];
  /** As each source has printed it, and by which of the rules it comes to that. */
  readonly printed?: { readonly one?: PrintedAverage; readonly other?: PrintedAverage };
  /** False where the printed ones follow no rule in common. */
  readonly isLikeForLike?: boolean;
}

export type Rule = 'all rows' | 'rows over all cases' | 'rows that both have';

export interface RuleAverages {
  readonly rule: Rule;
  readonly one: { readonly rows: number; readonly us?: number };
  readonly other: { readonly rows: number; readonly us?: number };
}

export interface PrintedAverage {
  readonly us: number;
  readonly follows: readonly Rule[];
}

export interface ToldContradiction extends InnerContradiction {
  readonly side: 'one' | 'other';
  /** What comes of the total if the other record is right; only of what is compared. */
  readonly otherwise?: {
    readonly measure: ComparedMeasure;
    readonly k: number;
    readonly n: number;
    readonly p: number;
    readonly finding: Finding;
  };
}
