import type { CellId } from '../injectors/cell.ts';
import type { Mode } from '../injectors/mode.ts';
import type { OnRestart } from '../injectors/target.ts';
import type { AbortConditions } from './abort-condition.ts';
import type { Definition } from './definition.ts';
import type { RootCause, SystemPlan, Timeline, WatchPlan, WorkloadPlan } from './plan.ts';
import type { Element } from './element.ts';
import type { PolicyPlan } from './pruning/policy.ts';
import type { Selector } from './select.ts';
import type { Until } from './sequential/until.ts';
import type { Upon } from './upon.ts';

/** A campaign file that was read and found valid: units resolved, defaults filled in, hosts and targets still patterns. */
export interface Campaign {
  readonly name: string;
  readonly seed: number;
  /** Its hosts are patterns, each of which has to match exactly one host. */
  readonly system: SystemPlan;
  readonly workload: WorkloadPlan;
  readonly watches: readonly WatchPlan[];
  readonly timeline: Timeline;
  readonly repetitions: number;
  readonly goldenRuns: number;
  readonly faultload: readonly Fault[];
  readonly combinations: readonly Combination[];
  readonly prune: readonly PolicyPlan[];
  readonly abort?: AbortConditions;
  readonly until?: Until;
  readonly definition: Omit<Definition, 'timeoutUs' | 'bootstrapSeed'>;
}

/** At one intensity: a fault of the file that lists several is as many of these, of one name. */
export interface Fault {
  readonly name: string;
  /** What the file calls the intensity; absent where it lists none. */
  readonly intensity?: string;
  readonly cell: CellId;
  readonly mechanism: string;
  /** Validated by the mechanism's own schema. */
  readonly parameters: unknown;
  readonly target: Selector | Element;
  readonly mode: Mode;
  /** What becomes of it when its container goes before it is over. */
  readonly onRestart: OnRestart;
  /** In place of the timeline's. */
  readonly duringUs?: number;
  readonly rootCause: RootCause;
  readonly weight: number;
  readonly likelihood?: number;
}

/** Several faults in one trial. */
export interface Combination {
  readonly name: string;
  readonly weight: number;
  /** In the order of their earliest beginnings, the first of which is at 0; the same fault may come again when it is over. */
  readonly faults: readonly TimedFault[];
}

export interface TimedFault {
  readonly fault: Fault;
  /** From the beginning of the first fault on; from the notice on where one is waited for. */
  readonly atUs: number;
  readonly duringUs: number;
  readonly upon?: Upon;
}
