import type { FaultInPlan, TrialInPlan } from './attempt.ts';
import type { CombinedFault, FaultFacts } from './measures.ts';

/**
 * What a trial is about; undefined in a golden run. A combination is a fault of its own, of the cells of all its faults: it says nothing about any of
 * them alone, and no group of theirs has it.
 */
export function faultFacts({ fault, combination }: TrialInPlan): FaultFacts | undefined {
  if (combination === undefined) return fault && factsOf(fault);
  const { name, weight, faults: timed } = combination;
  const faults = timed.map(({ fault: one, atUs, durationUs, upon }): CombinedFault => ({
    ...factsOf(one),
    atUs,
    durationUs,
    ...(upon === undefined ? {} : { upon }),
  }));
  const all = (of: (one: FaultFacts) => string): string => faults.map(of).join(' + ');
  return {
    name,
    cell: all(({ cell }) => cell),
    layer: all(({ layer }) => layer),
    mechanism: all(({ mechanism }) => mechanism),
    rootCause: all(({ rootCause }) => rootCause),
    weight,
    targets: [...new Set(faults.flatMap(({ targets }) => targets))],
    faults,
  };
}

function factsOf(fault: FaultInPlan): FaultFacts {
  const { name, intensity, cell, mechanism, rootCause, weight, element, targets } = fault;
  const layer = cell.split('.')[0] ?? '';
  const paths = targets.map((target) => `${target.host}/${target.kind}/${target.name}`);
  const shared = element === undefined ? {} : { element };
  const named = intensity === undefined ? { name } : { name, intensity };
  return { ...named, cell, layer, mechanism, rootCause, weight, ...shared, targets: paths };
}
