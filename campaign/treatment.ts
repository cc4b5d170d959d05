import type { Campaign, Fault } from './campaign.ts';
import { targetsOf } from './element.ts';
import type { HostInventory } from './inventory.ts';
import { demandSupport } from './mechanism.ts';
import type { Obstacles } from './obstacles.ts';
import type { FaultPlan, TargetName, TrialPlan } from './plan.ts';
import { selectTargets } from './select.ts';

/** What each block has one trial of: a fault at one intensity; where each target has trials of its own, on that one. */
export interface Treatment {
  /** By which its seeds are told from those of others. */
  readonly key: string;
  readonly fault: Fault;
  readonly target?: TargetName;
}

/** In the order of the file. */
export function treatmentsOf(
  { faultload, seed }: Campaign,
  inventory: readonly HostInventory[],
  obstacles: Obstacles,
): Treatment[] {
  return faultload.flatMap((fault): Treatment[] => {
    const key = fault.intensity === undefined ? fault.name : `${fault.name}:${fault.intensity}`;
    const selector = fault.target;
    if ('attached' in selector || selector.pick.kind !== 'each') return [{ key, fault }];
    const each = obstacles.attempt(whereOf(fault), () => selectTargets(selector, inventory, seed));
    return (each ?? []).map((target) => ({
      key: `${key}/${target.host}/${target.kind}/${target.name}`,
      fault,
      target,
    }));
  });
}

interface PlannedTreatment {
  readonly fault?: FaultPlan;
  readonly timeline: Partial<TrialPlan['timeline']>;
}

/** Where something stands against it, the obstacles tell. */
export function planTreatment(
  { fault, target }: Treatment,
  inventory: readonly HostInventory[],
  seed: number,
  obstacles: Obstacles,
): PlannedTreatment {
  const { duringUs } = fault;
  const planned = obstacles.attempt(whereOf(fault), () => planFault(fault, target, inventory, seed));
  return {
    ...(planned === undefined ? {} : { fault: planned }),
    timeline: duringUs === undefined ? {} : { duringUs },
  };
}

function planFault(
  fault: Fault,
  only: TargetName | undefined,
  inventory: readonly HostInventory[],
  seed: number,
): FaultPlan {
  const { name, intensity, cell, mechanism, parameters, mode, onRestart, rootCause, weight } = fault;
  const named = intensity === undefined ? { name } : { name, intensity };
  const common = { ...named, cell, mechanism, parameters, mode, onRestart, rootCause, weight };
  const shared = 'attached' in fault.target ? fault.target : undefined;
  const targets = only === undefined ? targetsFor(fault, inventory, seed) : [only];
  demandSupport(fault, targets, inventory);
  return { ...common, ...(shared === undefined ? {} : { element: shared.name }), targets };
}

function targetsFor({ target }: Fault, inventory: readonly HostInventory[], seed: number): TargetName[] {
  return 'attached' in target ? targetsOf(target, inventory, seed) : selectTargets(target, inventory, seed);
}

function whereOf({ name }: Fault): string {
  return `fault "${name}"`;
}
