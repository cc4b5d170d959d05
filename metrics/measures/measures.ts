import type { Definition } from '../../campaign/definition.ts';
import type { Upon } from '../../campaign/upon.ts';
import type {
  Comparison,
  Drift,
  OutcomeCounts,
  SensitiveConclusions,
  Spread,
} from './comparison-measures.ts';
import type { GroupInfrastructure, TimeToRecovery, TrialInfrastructure } from './infrastructure-measures.ts';
import type { Width } from './narrowness.ts';
import type { OutcomeOfFault } from './outcome-class.ts';
import type { Interval } from './statistics/interval.ts';

/** What one campaign came to: all that measures.json holds. Instants are of the reference clock; `unknown` is neither zero nor good. */
export interface Measures {
  readonly version: 2;
  readonly campaign: string;
  /** The campaign's own name, as its file has it. */
  readonly name: string;
  /** Unknown: it has not said that it ended. */
  readonly outcome: 'completed' | 'aborted' | 'failed' | 'unknown';
  readonly verdict: Verdict;
  /** Why the verdict is not pass. */
  readonly reasons: readonly string[];
  readonly definition: Definition;
  /** Which parts of the definition were given for this measurement and are not those that the campaign was run with. Absent: it is the run's own. */
  readonly redefined?: readonly string[];
  /** The last attempt at each trial that was begun, in the order of the plan. */
  readonly trials: readonly TrialMeasures[];
  readonly notCounted: readonly NotCounted[];
  /** Where there could have been enough repetitions before all were run: how many blocks were, and why no more. */
  readonly concluded?: Concluded;
  /** The trials that a policy of the campaign left out, in the order of the plan; absent where there is none. */
  readonly pruned?: readonly PrunedTrial[];
  /** The other trials of the plan that were never begun. */
  readonly notRun: readonly string[];
  /** First all trials with a fault, then the golden runs, then by cell, layer, root cause, target, and intensity where a fault has several. */
  readonly groups: readonly GroupMeasures[];
  /** Every cell, and every fault, against the golden runs. */
  readonly comparisons: readonly Comparison[];
  readonly drift: readonly Drift[];
  /** By each other definition of U. */
  readonly sensitivity: readonly SensitiveConclusions[];
}

export type Verdict = 'pass' | 'fail' | 'unknown';

export interface Concluded {
  readonly blocks: number;
  readonly because: 'narrow' | 'time' | 'repetitions';
  readonly widths: readonly Width[];
}

export interface PrunedTrial {
  readonly trial: string;
  readonly fault?: FaultFacts;
  readonly policy: string;
  readonly grounds: string;
}

/** An attempt that was followed by another one at the same trial. */
export interface NotCounted {
  readonly trial: string;
  readonly attempt: number;
  readonly outcome: AttemptOutcome;
  readonly reason?: string;
}

export type AttemptOutcome = 'completed' | 'interrupted' | 'aborted' | 'failed' | 'unknown';

export interface TrialMeasures {
  readonly trial: string;
  readonly attempt: number;
  readonly repetition: number;
  readonly seed: number;
  /** Absent in a golden run. */
  readonly fault?: FaultFacts;
  /** How the attempt ended, */
  readonly outcome: AttemptOutcome;
  /** and what came of its fault: absent in a golden run, and before all trials are there. */
  readonly outcomeOfFault?: OutcomeOfFault;
  readonly verdict: Verdict;
  /** Why the verdict is not pass, a sentence each. */
  readonly reasons: readonly string[];
  /** What is worth knowing and changes no verdict. */
  readonly notes: readonly string[];
  /** True where the attempt says something about the system under benchmark: complete, clean, and its fault activated. Only such trials enter groups. */
  readonly valid: boolean;
  /** True where every producer has closed and nothing is missing. */
  readonly final: boolean;
  readonly missing: readonly Missing[];
  /** One for each measure that the campaign demands something of. */
  readonly judgements: readonly Judgement[];
  /** Absent where the instants cannot be known. */
  readonly instants?: Instants;
  /** Absent where the instants cannot be known. */
  readonly service?: ServiceMeasures;
  readonly degradation: Degradation;
  /** Absent in a golden run. */
  readonly activated?: boolean | 'unknown';
  readonly injections: readonly InjectionFacts[];
  /** By the kernels' own instants; only of a fault of several parts, as far as it is known. */
  readonly skew?: { readonly start?: Skew; readonly end?: Skew };
  /** In the order in which they were last heard of. */
  readonly absences: readonly HostAbsence[];
  readonly infrastructure: TrialInfrastructure;
  readonly lateness: Lateness;
  readonly samples: SampleProvenance;
}

export interface FaultFacts {
  readonly name: string;
  /** Which of its intensities this was, where the campaign lists several. */
  readonly intensity?: string;
  readonly cell: string;
  readonly layer: string;
  readonly mechanism: string;
  readonly rootCause: string;
  readonly weight: number;
  /** The shared element that all targets are attached to, where the fault is one of it. */
  readonly element?: string;
  /** `<host>/<kind>/<name>` each. */
  readonly targets: readonly string[];
  /** Of a combination, in the order of their beginnings; its own cell, layer, mechanism and root cause are theirs, joined by " + ". */
  readonly faults?: readonly CombinedFault[];
}

export interface CombinedFault extends FaultFacts {
  /** As planned, from the beginning of the first of them on, or from what it waits for. */
  readonly atUs: number;
  readonly durationUs: number;
  readonly upon?: Upon;
}

/** A producer of which something is missing: it never closed the attempt, or so many of its messages have not come, */
export interface Missing {
  readonly producer: string;
  readonly closed: boolean;
  readonly messages: number;
  /** or so many came that its last word does not know of, and nobody knows how many more there are. */
  readonly unannounced: number;
}

export interface Judgement {
  readonly measure: 'l50' | 'l90' | 'throughput' | 'unavailability';
  /** Microseconds, or requests a second. */
  readonly demanded: number;
  readonly found: Percentile;
  readonly verdict: Verdict;
}

/** In the reference clock. A golden run has the planned ones. */
export interface Instants {
  readonly startUs: number;
  readonly injectUs: number;
  readonly removeUs: number;
  readonly endUs: number;
  /** Each is right to within so much. */
  readonly errorUs: number;
}

export interface ServiceMeasures extends ServiceWindows {
  readonly unavailability: Unavailability;
  /** Each class of request by itself, where there is more than one. */
  readonly classes: readonly ClassWindows[];
}

export interface ServiceWindows {
  readonly before: WindowMeasures;
  readonly during: WindowMeasures;
  readonly after: WindowMeasures;
}

export interface ClassWindows extends ServiceWindows {
  readonly requestClass: string;
}

export interface WindowMeasures {
  readonly fromUs: number;
  readonly toUs: number;
  /** Requests whose intended send lies in the window. */
  readonly requests: number;
  readonly failed: Failures;
  /** From the intended send; a failed request ranks above every success. This is the one that is judged. */
  readonly latency: Percentiles;
  /** Of the successes alone, as the thesis has it. */
  readonly successLatency: Percentiles;
  /** From the actual send: what a stalled service is flattered by. */
  readonly sentLatency: Percentiles;
  readonly throughputPerS: number | 'unknown';
}

export interface Failures {
  readonly timeout: number;
  readonly refused: number;
  readonly error: number;
  readonly wrong: number;
}

/** Microseconds. Failed: the rank falls on a failed request, which is to say infinite. Unknown: there is no request. */
export type Percentile = number | 'failed' | 'unknown';

export interface Percentiles {
  readonly l50Us: Percentile;
  readonly l90Us: Percentile;
}

export interface Unavailability {
  /** The sum of the outages. Where the service did not recover this is what had accumulated at the end: it is at least so much. */
  readonly us: number;
  /** False where an outage is open at the end: infinite, in the thesis's manner. */
  readonly recovered: boolean;
  /** For so long nothing was sent for a whole window, so that nothing is known. */
  readonly unknownUs: number;
  readonly outages: readonly Outage[];
  readonly longestUs: number;
  /** Failed requests in the outages. */
  readonly requestsLost: number;
  /** The longest time between two sends: no beginning and no end of an outage is known better. */
  readonly resolutionUs: number;
  /** From the injection to the end of the last outage; 0 without one. */
  readonly finalRecoveryUs: number | 'never';
  /** The same with the window and the rate halved and doubled. */
  readonly sensitivity: readonly SensitiveUnavailability[];
}

export interface Outage {
  readonly fromUs: number;
  readonly toUs: number;
  readonly requestsLost: number;
}

export interface SensitiveUnavailability {
  readonly windowUs: number;
  readonly errorRate: number;
  readonly us: number;
  readonly recovered: boolean;
}

/** After against before, and after against the median of the golden runs: is it worse by more than the tolerance? */
export interface Degradation {
  readonly latencyFromBefore: boolean | 'unknown';
  readonly latencyFromGolden: boolean | 'unknown';
  readonly throughputFromBefore: boolean | 'unknown';
  readonly throughputFromGolden: boolean | 'unknown';
  /** L90 or throughput is worse than both before and the golden runs; where one of the two is unknown, the other decides. */
  readonly degraded: boolean | 'unknown';
  /** The same of the time of the fault, in place of the time after it. */
  readonly degradedDuring: boolean | 'unknown';
}

export interface InjectionFacts {
  readonly injection: string;
  /** Of which of several faults it is. */
  readonly fault?: string;
  readonly host: string;
  readonly mechanism: string;
  readonly oneShot: boolean;
  /** How often it touched the target, in `effectUnit`; unknown where the counter was lost. */
  readonly effects: number | 'unknown';
  readonly effectUnit: string;
  readonly activated: boolean | 'unknown';
  readonly dose?: { readonly unit: string; readonly asked: number; readonly achieved: number };
  /** From when on it could have effects. */
  readonly activeUs?: number;
  /** By when all of it was there. */
  readonly appliedUs?: number;
  /** When it was off. */
  readonly revertedUs?: number;
  readonly firstEffectUs?: number;
  readonly lastEffectUs?: number;
  /** How much later than planned it began and ended; negative where it was earlier. */
  readonly startLateUs?: number;
  readonly revertLateUs?: number;
  /** Those two are right to within so much. */
  readonly errorUs?: number;
  readonly endedBecause?: string;
  /** Its host went down with the fault on it: that is an effect, also where the counter was lost with it. */
  readonly hostBootedAnew: boolean;
  /** False where it was not there once, whenever it was read back. */
  readonly appliedVerified: boolean | 'unknown';
  readonly cleanVerified: boolean | 'unknown';
  /** What went wrong with it. */
  readonly failure?: string;
}

/** How far apart the parts of one fault were, from the first to the last; right to within the error. */
export interface Skew {
  readonly us: number;
  readonly errorUs: number;
}

/** A host of which nothing was heard for longer than a lease. Instants are of the reference clock. */
export interface HostAbsence {
  readonly host: string;
  readonly lastHeardUs: number;
  /** Crashed: it came back in another boot. Silent: in the same. Unknown: it had not come back by the end of the attempt. */
  readonly fate: 'crashed' | 'silent' | 'unknown';
  /** When the boot began in which it came back; only of one that crashed. */
  readonly bootedUs?: number;
  readonly returnedUs?: number;
}

/** Of the sends against the schedule, in microseconds. */
export interface Lateness {
  readonly p50Us: number | 'unknown';
  readonly p99Us: number | 'unknown';
  readonly maxUs: number | 'unknown';
}

/** The rows that the numbers were made of, so that two measurements of different data cannot be taken for the same. */
export interface SampleProvenance {
  readonly rows: number;
  /** Over the rows of each host in a canonical order; docs/saved-run.md says which. */
  readonly sha256: string;
}

export interface GroupMeasures {
  readonly by: 'all' | 'golden' | 'cell' | 'layer' | 'root-cause' | 'target' | 'intensity';
  readonly name: string;
  /** How many trials it has, and how many of them are valid; only these are counted below. */
  readonly trials: number;
  readonly valid: number;
  /** One for each measure that the campaign demands something of. */
  readonly exceeding: readonly Exceeding[];
  readonly maxL50Us: Percentile;
  readonly maxL90Us: Percentile;
  readonly minThroughputPerS: number | 'unknown';
  readonly notRecovered: Proportion;
  /** Of the trials that recovered. */
  readonly maxUnavailabilityUs: number | 'unknown';
  readonly meanUnavailabilityUs: number | 'unknown';
  readonly weightedMeanUnavailabilityUs: number | 'unknown';
  readonly degraded: Proportion;
  /** How many trials were interrupted for longer; one that did not recover is above every limit. */
  readonly limits: readonly { readonly limitUs: number; readonly above: Proportion }[];
  /** Of all trials, whether they are valid or not; none of golden runs. */
  readonly outcomes: OutcomeCounts;
  readonly spreads: readonly Spread[];
  readonly timeToRecovery: TimeToRecovery;
  readonly infrastructure: GroupInfrastructure;
}

export interface Exceeding {
  readonly measure: Judgement['measure'];
  readonly demanded: number;
  readonly trials: Proportion;
}

/** k of n, with its 95% Wilson interval. */
export interface Proportion {
  readonly k: number;
  readonly n: number;
  readonly share: number | 'unknown';
  /** Weighted by the faults' weights. */
  readonly weighted: number | 'unknown';
  readonly low: number;
  readonly high: number;
  /** Its 95% Clopper-Pearson interval: never too narrow, often too wide. */
  readonly exact: Interval;
}
