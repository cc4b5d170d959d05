import type { Rule } from '../../campaign/definition.ts';
import type { Maybe } from './maybe.ts';
import type { Proportion } from './measures.ts';

/** What the infrastructure itself said in one trial, as the campaign's rules read it. Plain data of measures.json. */
export interface TrialInfrastructure {
  /** Why what is unknown here is unknown (or is only a bound), a sentence each. */
  readonly unknownBecause: readonly string[];
  /** Absent in a golden run. */
  readonly response?: FaultResponse;
  /** Detections of no fault: before the injection, in a golden run, or where the fault touched nothing. */
  readonly falsePositives: readonly Notice[];
  /** Detections, with the fault there, that name something else than its targets. */
  readonly wrongComponents: readonly Notice[];
}

/** A line of the infrastructure that a rule matches. */
export interface Notice {
  readonly rule: string;
  readonly means: Rule['means'];
  readonly by: 'node' | 'management';
  readonly host: string;
  readonly watch: string;
  readonly text: string;
  /** False where the instant is that of its reading, because the line has none of its own. */
  readonly stamped: boolean;
  /** In the reference clock, the middle of what its stamp and the host's clock leave open, */
  readonly atUs: number;
  /** and half of that. */
  readonly errorUs: number;
  /** What the line is about, as it says it, */
  readonly component?: string;
  /** and what the campaign says that this is: `<host>` or `<host>/<kind>/<name>`. */
  readonly names?: string;
}

/** Right to within `errorUs`. A bound: it is at most `us`; anything from zero on is possible. */
export interface Latency {
  readonly us: number;
  readonly errorUs: number;
  readonly isBound: boolean;
}

/** What it noticed of the fault, and what it did about it. */
export interface FaultResponse {
  readonly detected: Maybe;
  readonly detection?: Notice;
  /** Absent where nothing was detected, or the first effect is not known. */
  readonly latencyFromEffect?: Latency;
  /** In the thesis's manner. */
  readonly latencyFromInjection?: Latency;
  /** Whether users felt it: only then a fault that was not detected enters the detection coverage. */
  readonly harmed: Maybe;
  /** What follows is of a fault that was detected, and unknown where that is. The record alone: a repair was begun and has finished. */
  readonly repaired: Maybe;
  /** It finished within the campaign's maximum of the detection. */
  readonly inTime: Maybe;
  /** From then on L90 and throughput are within tolerance of what they were before. */
  readonly restored: Maybe;
  /** All three. */
  readonly recovered: Maybe;
  /** Who repaired. */
  readonly by?: 'node' | 'management';
  readonly begun?: Notice;
  readonly done?: Notice;
  /** From the detection until the repair had finished. */
  readonly recoveryLatency?: Latency;
  /** The service came back, or was said to be back, once the fault was removed, and nobody had repaired anything. */
  readonly healedOnRemoval: Maybe;
}

/** Of the valid trials of a group. Each proportion leaves out the trials of which it is not known; in a golden group only the false positives count. */
export interface GroupInfrastructure {
  readonly detection: {
    /** FDC: the detected of these and of those undetected that harmed the service. */
    readonly coverage: Proportion;
    /** The detected of all that were injected and activated. */
    readonly ofInjected: Proportion;
    /** FDL. */
    readonly latencyFromEffect: LatencySummary;
    readonly latencyFromInjection: LatencySummary;
    /** Trials of which nobody knows whether the fault was detected, or, where it was not, whether it harmed the service. */
    readonly unknown: number;
  };
  readonly recovery: {
    /** FRC: the recovered of the detected. */
    readonly coverage: Proportion;
    /** By the repair's own record alone, whatever it took and came to. */
    readonly recordOnly: Proportion;
    /** Of the recovered. */
    readonly byNode: number;
    readonly byManagement: number;
    /** In no coverage. */
    readonly healedOnRemoval: number;
    /** FRL, of the recovered. */
    readonly latency: LatencySummary;
    /** Detected trials of which nobody knows whether they recovered. */
    readonly unknown: number;
  };
  readonly falsePositives: number;
  readonly wrongComponents: number;
}

export interface LatencySummary {
  readonly n: number;
  /** How many of them are only bounds; the summary takes each for its bound. */
  readonly bounds: number;
  readonly median: Estimate;
  readonly p90: Estimate;
  readonly maxUs: number | 'unknown';
}

/** With its 95% bootstrap interval: of a percentile as infinitely many draws would have it, of a mean with draws that the definition's seed fixes. */
export type Estimate = { readonly us: number; readonly low: number; readonly high: number } | 'unknown';

/** The time from the injection to the final recovery of the service, where "never" is longer than was looked: neither infinite nor left out. */
export interface TimeToRecovery {
  readonly n: number;
  readonly recovered: number;
  /** Kaplan-Meier: the share of trials that had not recovered, from each instant on; it is 1 before the first. */
  readonly curve: readonly { readonly atUs: number; readonly notYet: number }[];
  readonly median: number | 'never' | 'unknown';
  /** The mean of the time until recovery, where none counts as longer than the horizon. */
  readonly restrictedMean: Estimate;
  /** So long every trial was looked at. */
  readonly horizonUs: number | 'unknown';
}
