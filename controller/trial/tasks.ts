import { faultsOf } from '../../campaign/faults-of.ts';
import type { TargetName, TimedFaultPlan } from '../../campaign/plan.ts';
import type { Mode } from '../../injectors/mode.ts';
import type { InjectionWork } from '../../proto/generated/ordeal/v1/InjectionWork.ts';
import type { Mode as ModeMessage } from '../../proto/generated/ordeal/v1/Mode.ts';
import type { WorkloadWork } from '../../proto/generated/ordeal/v1/WorkloadWork.ts';
import type { Attempt } from './attempt.ts';

export interface Injection extends TimedFaultPlan {
  readonly id: string;
  readonly target: TargetName;
}

/** The injections of an attempt: none in a golden run. */
export function injectionsOf({ trial, options }: Attempt): readonly Injection[] {
  const planned = faultsOf(trial).flatMap((timed) =>
    timed.fault.targets.map((target) => ({ ...timed, target })),
  );
  return planned.flatMap((injection, index) => {
    const id = options.ids.injections[index];
    return id === undefined ? [] : [{ id, ...injection }];
  });
}

/** `startUs` is 0 while it is to stay staged. */
export function injectionWork(
  { fault, target, seed, durationUs }: Injection,
  startUs: number,
): InjectionWork {
  return {
    fault: fault.name,
    cell: fault.cell,
    mechanism: fault.mechanism,
    target,
    parameters: JSON.stringify(fault.parameters ?? {}),
    mode: modeMessage(fault.mode),
    seed,
    startUs,
    durationUs,
    onRestart: fault.onRestart ?? 'end',
  };
}

export function workloadWork({ plan, trial, schedule }: Attempt): WorkloadWork {
  return {
    driver: plan.workload.driver,
    options: JSON.stringify(plan.workload.options ?? {}),
    startUs: schedule.loadUs,
    durationUs: schedule.loadEndUs - schedule.loadUs,
    seed: trial.seed,
  };
}

export function workloadId(attempt: Attempt): string {
  return attempt.taskId('workload');
}

export function modeMessage(mode: Mode): ModeMessage {
  switch (mode.kind) {
    case 'permanent':
      return { permanent: true };
    case 'probabilistic':
      return { share: mode.share };
    case 'oneIn':
      return { oneIn: mode.n };
    case 'burst':
      return { burst: { onUs: mode.onUs, offUs: mode.offUs } };
  }
}
