import { faultsOf } from '../faults-of.ts';
import { faultTitle } from '../fault-title.ts';
import { whicheverOccurrence } from '../occurrence.ts';
import type { FaultPlan, TrialPlan } from '../plan.ts';
import type { Facts } from './facts.ts';
import type { Alone, Knowledge } from './knowledge.ts';
import { targetsOf } from './targets.ts';

/** All that a policy can ask of a trial with a fault, as far as it is known by now. */
export function factsOf(trial: TrialPlan, knowledge: Knowledge): Facts {
  const faults = faultsOf(trial).map(({ fault }) => fault);
  const each = (of: (fault: FaultPlan) => string): readonly string[] => faults.map(of).sort();
  const cellPart = (place: number) => each(({ cell }) => cell.split('.')[place] ?? '');
  const targets = targetsOf(faults);
  const ofTargets = (of: (target: FaultPlan['targets'][number]) => string): readonly string[] =>
    faults.flatMap((fault) => fault.targets.map(of)).sort();
  const alone = faults.map((fault) => knowledge.of(fault));
  return {
    faults: faults.length,
    repetition: trial.repetition,
    likelihood: likelihoodOf(faults),
    names: each((fault) => whicheverOccurrence(faultTitle(fault))),
    cells: each(({ cell }) => cell),
    layers: cellPart(0),
    domains: cellPart(1),
    types: cellPart(2),
    mechanisms: each(({ mechanism }) => mechanism),
    rootCauses: each(({ rootCause }) => rootCause),
    hosts: [...new Set(ofTargets(({ host }) => host))],
    kinds: ofTargets(({ kind }) => kind),
    parts: ofTargets(({ kind, name }) => `${kind}/${name}`),
    targets,
    outcomes: ofAll(alone, ({ outcome }) => outcome),
    detections: ofAll(alone, ({ detections }) => detections && pathOf(detections)),
    repairs: ofAll(alone, ({ repairs }) => repairs && pathOf(repairs)),
    touched: touchedBy(alone),
    broken: alone.includes(undefined) ? undefined : targets.filter((target) => knowledge.isBroken(target)),
  };
}

/** That all of them come together, each independent of the others. */
function likelihoodOf(faults: readonly FaultPlan[]): number | undefined {
  return faults.reduce<number | undefined>(
    (product, { likelihood }) =>
      product === undefined || likelihood === undefined ? undefined : product * likelihood,
    1,
  );
}

/** A text for each of the faults; unknown where one of them is. */
function ofAll(
  alone: readonly (Alone | undefined)[],
  of: (one: Alone) => string | undefined,
): readonly string[] | undefined {
  const found = alone.flatMap((one) => (one === undefined ? [] : (of(one) ?? [])));
  return found.length < alone.length ? undefined : found.sort();
}

/** The way that one fault took the infrastructure, as one text. */
function pathOf(rules: readonly string[]): string {
  return rules.length === 0 ? 'nothing' : rules.join('+');
}

function touchedBy(alone: readonly (Alone | undefined)[]): readonly string[] | undefined {
  const known = alone.filter((one) => one !== undefined);
  if (known.length < alone.length) return undefined;
  return [...new Set(known.flatMap(({ touched }) => touched))].sort();
}
