import type { CellId } from '../injectors/cell.ts';
import type { Mode } from '../injectors/mode.ts';
import type { OnRestart, TargetKind } from '../injectors/target.ts';
import type { AbortConditions } from './abort-condition.ts';
import type { Definition } from './definition.ts';
import type { PolicyPlan } from './pruning/policy.ts';
import type { Until } from './sequential/until.ts';
import type { Upon } from './upon.ts';

/** A campaign made ready to run: every choice taken, every target named. The same file, seed and inventory give the same plan. */
export interface Plan {
  readonly name: string;
  readonly seed: number;
  readonly system: SystemPlan;
  readonly workload: WorkloadPlan;
  /** Followed in each trial, from before its load until nothing is left to wait for. */
  readonly watches: readonly WatchPlan[];
  readonly definition: Definition;
  /** How trials are left out; absent from plans of versions that knew nothing of it. */
  readonly prune?: readonly PolicyPlan[];
  readonly abort?: AbortConditions;
  /** When there are enough repetitions; absent where all of them are run. */
  readonly until?: Until;
  /** In the order in which they run. */
  readonly trials: readonly TrialPlan[];
  /** Of all that are not left out already. */
  readonly estimateUs: number;
  readonly warnings: readonly string[];
}

export interface SystemPlan {
  readonly name: string;
  readonly deploy: readonly CommandPlan[];
  readonly prepare: readonly CommandPlan[];
  readonly undeploy: readonly CommandPlan[];
  /** Asked from the workload's host, through the workload's driver. */
  readonly healthWithinUs: number;
}

export interface CommandPlan {
  readonly host: string;
  readonly argv: readonly string[];
  readonly timeoutUs: number;
}

export interface WorkloadPlan {
  readonly host: string;
  readonly driver: string;
  /** The driver's options, validated by its own schema. */
  readonly options: unknown;
}

/** Where, on a host, the infrastructure says what it notices and does. */
export interface WatchPlan {
  /** By which rules name it; unique in the campaign. */
  readonly name: string;
  readonly host: string;
  readonly source: WatchSource;
}

export type WatchSource =
  | { readonly kind: 'log'; readonly file: string }
  | { readonly kind: 'kernel' }
  /** Run again after each pause; the lines that the run before did not print are taken. */
  | { readonly kind: 'command'; readonly argv: readonly string[]; readonly everyUs: number }
  | { readonly kind: 'journal'; readonly units: readonly string[] };

export interface TrialPlan {
  /** t001, t002, ... in the order in which they run. */
  readonly id: string;
  readonly repetition: number;
  readonly seed: number;
  /** The only fault; absent in a golden run, and where there are several. */
  readonly fault?: FaultPlan;
  readonly combination?: CombinationPlan;
  /** By which it was left out when the plan was made: it is never run. */
  readonly pruned?: Pruned;
  /** Of several faults, `duringUs` is from the beginning of the first to the latest end of the last. */
  readonly timeline: Timeline;
}

/** Why a trial is left out. */
export interface Pruned {
  /** The name of the policy. */
  readonly policy: string;
  readonly grounds: string;
}

/** Several faults in one trial, in the order of their beginnings. */
export interface CombinationPlan {
  readonly name: string;
  readonly weight: number;
  readonly faults: readonly TimedFaultPlan[];
}

export interface TimedFaultPlan {
  /** The second time that it comes in a combination, its name ends in #2. */
  readonly fault: FaultPlan;
  readonly seed: number;
  /** From the beginning of the first fault on; from the notice on where one is waited for. */
  readonly atUs: number;
  readonly durationUs: number;
  readonly upon?: Upon;
}

export interface FaultPlan {
  readonly name: string;
  /** Which of its intensities this is, where the campaign lists several. */
  readonly intensity?: string;
  readonly cell: CellId;
  readonly mechanism: string;
  readonly parameters: unknown;
  readonly mode: Mode;
  /** Absent from plans of versions that knew nothing of it: then it ends. */
  readonly onRestart?: OnRestart;
  readonly rootCause: RootCause;
  readonly weight: number;
  /** The chance that it comes by itself, from 0 to 1, where the campaign says it. */
  readonly likelihood?: number;
  /** The shared element that the targets are attached to, where the fault is one of it. */
  readonly element?: string;
  /** Simultaneous: one injection for each. Never empty. */
  readonly targets: readonly TargetName[];
}

export type RootCause = 'hw' | 'sw' | 'op';

export interface TargetName {
  readonly host: string;
  readonly kind: TargetKind;
  readonly name: string;
}

/** The stretches of a trial, one after the other. The load runs through all of them, and one timeout longer. */
export interface Timeline {
  readonly warmUpUs: number;
  readonly beforeUs: number;
  readonly duringUs: number;
  readonly afterUs: number;
  /** How long, at the most, the infrastructure is watched beyond the end for a recovery that is still open. */
  readonly horizonUs: number;
}
