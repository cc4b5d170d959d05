/** What a source has published of its trials: numbers and averages by cell, and no trial by itself. */
export interface Aggregates {
  readonly version: 1;
  readonly name: string;
  /** Where it was published. */
  readonly source: string;
  /** What it says of its workload, its timeline and the like: a word for each and what it says. */
  readonly setting: Readonly<Record<string, string>>;
  /** What the source calls the parts of itself that its numbers are from; they may contradict each other. */
  readonly records: Records;
  /** Of the runs without a fault, by the class of their requests. */
  readonly golden: readonly GoldenAggregate[];
  readonly cells: readonly CellAggregate[];
  /** As the source has them, over its cells. */
  readonly averages: { readonly detectionLatencyUs?: number; readonly recoveryLatencyUs?: number };
}

export interface Records {
  readonly golden: string;
  readonly counts: string;
  readonly latencies: string;
}

export interface GoldenAggregate {
  readonly requestClass: string;
  readonly l50Us?: number;
  readonly l90Us?: number;
  readonly throughputPerS?: number;
}

export interface CellAggregate {
  readonly cell: string;
  readonly trials: number;
  readonly detected?: number;
  /** Of the detected. */
  readonly byManagement?: number;
  readonly byNode?: number;
  /** From the injection. */
  readonly detectionLatency?: AggregateLatency;
  /** From the detection. */
  readonly recoveryLatency?: AggregateLatency;
}

export type AggregateLatency = PublishedLatency | { readonly mark: LatencyMark };

export interface PublishedLatency {
  readonly us: number;
  readonly of: 'mean' | 'median';
  /** Over the recovered cases only. */
  readonly isPartial: boolean;
}

/** Why there is no latency: none was detected, or whatever recovered did so without the management. */
export const latencyMarks = ['no detection', 'not detected', 'no recovery', 'local recovery'] as const;
export type LatencyMark = (typeof latencyMarks)[number];

export function isPublished(latency: AggregateLatency | undefined): latency is PublishedLatency {
  return latency !== undefined && 'us' in latency;
}
