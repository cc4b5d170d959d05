import type { Definition } from '../../campaign/definition.ts';
import type { Upon } from '../../campaign/upon.ts';
import type { Event } from '../../events/event.ts';
import type { SampleBatch } from '../../events/samples.ts';

/** All that the measures of one attempt at a trial are made of. */
export interface Attempt {
  readonly plan: TrialInPlan;
  readonly attempt: number;
  readonly definition: Definition;
  /** The events of this attempt, in any order, some perhaps twice. */
  readonly events: readonly Event[];
  /** Its batches of samples, in any order, some perhaps twice. */
  readonly batches: readonly SampleBatch[];
}

/** What the measures need of a trial of the plan. */
export interface TrialInPlan {
  readonly id: string;
  readonly repetition: number;
  readonly seed: number;
  /** The only fault; absent in a golden run, and where there are several. */
  readonly fault?: FaultInPlan;
  readonly combination?: CombinationInPlan;
  readonly timeline: { readonly beforeUs: number };
}

export interface CombinationInPlan {
  readonly name: string;
  readonly weight: number;
  /** In the order of their beginnings; `atUs` is from the first of them on, or from what it waits for. */
  readonly faults: readonly {
    readonly fault: FaultInPlan;
    readonly atUs: number;
    readonly durationUs: number;
    readonly upon?: Upon;
  }[];
}

export interface FaultInPlan {
  readonly name: string;
  readonly intensity?: string;
  readonly cell: string;
  readonly mechanism: string;
  readonly rootCause: string;
  readonly weight: number;
  readonly element?: string;
  readonly targets: readonly { readonly host: string; readonly kind: string; readonly name: string }[];
}
