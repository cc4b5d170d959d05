import type { Campaign, Combination, Fault } from './campaign.ts';
import { targetsOf } from './element.ts';
import type { HostInventory } from './inventory.ts';
import { demandSupport } from './mechanism.ts';
import { occurrenceOf } from './occurrence.ts';
import type { Obstacles } from './obstacles.ts';
import type { FaultPlan, TargetName, TimedFaultPlan, TrialPlan } from './plan.ts';
import { seedFor } from './seed.ts';
import { selectTargets } from './select.ts';
import { latestBeginningUs } from './upon.ts';

/** What each block has one trial of: a fault at one intensity; where each target has trials of its own, on that one; or a combination of faults. */
export type Treatment = Single | Combined;

interface Single {
  /** By which its seeds are told from those of others. */
  readonly key: string;
  readonly fault: Fault;
  readonly target?: TargetName;
}

interface Combined {
  readonly key: string;
  readonly combination: Combination;
}

/** How many faults a trial of it has. */
export function faultsIn(treatment: Treatment): number {
  return 'combination' in treatment ? treatment.combination.faults.length : 1;
}

/** In the order of the file. */
export function treatmentsOf(
  { faultload, combinations, seed }: Campaign,
  inventory: readonly HostInventory[],
  obstacles: Obstacles,
): Treatment[] {
  const singles = faultload.flatMap((fault): Single[] => {
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
  return [...singles, ...combinations.map((combination) => ({ key: combination.name, combination }))];
}

interface PlannedTreatment extends Pick<TrialPlan, 'fault' | 'combination'> {
  readonly timeline: Partial<TrialPlan['timeline']>;
}

/** Where something stands against it, the obstacles tell. */
export function planTreatment(
  treatment: Treatment,
  inventory: readonly HostInventory[],
  seed: number,
  obstacles: Obstacles,
): PlannedTreatment {
  if ('combination' in treatment) return planCombination(treatment.combination, inventory, seed, obstacles);
  const { fault, target } = treatment;
  const { duringUs } = fault;
  const planned = obstacles.attempt(whereOf(fault), () => planFault(fault, target, inventory, seed));
  return {
    ...(planned === undefined ? {} : { fault: planned }),
    timeline: duringUs === undefined ? {} : { duringUs },
  };
}

function planCombination(
  { name, weight, faults }: Combination,
  inventory: readonly HostInventory[],
  seed: number,
  obstacles: Obstacles,
): PlannedTreatment {
  const times = new Map<string, number>();
  const planned = faults.flatMap(({ fault, atUs, duringUs, upon }, index): TimedFaultPlan[] => {
    const time = (times.get(fault.name) ?? 0) + 1;
    times.set(fault.name, time);
    const own = seedFor(seed, 'fault', index + 1);
    const found = obstacles.attempt(whereOf(fault), () => planFault(fault, undefined, inventory, own));
    if (found === undefined) return [];
    const called = occurrenceOf(found.name, time);
    const waits = upon === undefined ? {} : { upon };
    return [{ fault: { ...found, name: called }, seed: own, atUs, durationUs: duringUs, ...waits }];
  });
  const endUs = Math.max(...faults.map((one) => latestBeginningUs(one) + one.duringUs));
  return { combination: { name, weight, faults: planned }, timeline: { duringUs: endUs } };
}

function planFault(
  fault: Fault,
  only: TargetName | undefined,
  inventory: readonly HostInventory[],
  seed: number,
): FaultPlan {
  const { name, intensity, cell, mechanism, parameters, mode, onRestart, rootCause, weight, likelihood } =
    fault;
  const named = intensity === undefined ? { name } : { name, intensity };
  const chance = likelihood === undefined ? {} : { likelihood };
  const common = { ...named, cell, mechanism, parameters, mode, onRestart, rootCause, weight, ...chance };
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
