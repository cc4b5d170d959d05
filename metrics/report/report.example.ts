import { compareWithGolden } from '../measures/comparisons.ts';
import { driftOfGolden } from '../measures/drift.ts';
import type { Measures, TrialMeasures } from '../measures/measures.ts';
import { outcomeOfFault } from '../measures/outcome-class.ts';
import { groupsOf } from '../measures/references.ts';
import { sensitivityOf } from '../measures/sensitivity.ts';
import { exampleDefinition } from './setting.example.ts';
import { doubtful, fault, golden, healed, interrupted, neverBack } from './trials.example.ts';

/** A small campaign as its measures could be, for the tests of the report and to look at. */

const trials = classified([golden, interrupted, neverBack, doubtful, healed]);

export const exampleMeasures: Measures = {
  version: 2,
  campaign: 'quickstart-20261121-081500-a3f2',
  name: 'quickstart',
  outcome: 'completed',
  verdict: 'fail',
  reasons: [
    't002: the service was unavailable for 6.41 s, and the campaign allows 5 s',
    't003: the service did not recover',
  ],
  definition: exampleDefinition,
  trials,
  notCounted: [{ trial: 't003', attempt: 1, outcome: 'interrupted', reason: 'the host front was lost' }],
  notRun: ['t005'],
  ...together(trials),
};

function classified(all: readonly TrialMeasures[]): TrialMeasures[] {
  return all.map((trial) => {
    const came = outcomeOfFault(trial);
    return came === undefined ? trial : { ...trial, outcomeOfFault: came };
  });
}

function together(
  all: readonly TrialMeasures[],
): Pick<Measures, 'groups' | 'comparisons' | 'drift' | 'sensitivity'> {
  return {
    groups: groupsOf(all, exampleDefinition),
    comparisons: compareWithGolden(all, exampleDefinition.bootstrapSeed),
    drift: driftOfGolden(all),
    sensitivity: sensitivityOf(all, exampleDefinition),
  };
}

/** As large as somebody may run it: the same few trials again and again, in several cells. */
export function largeExample(count: number): Measures {
  const faulty = [interrupted, neverBack, healed, healed, healed, doubtful];
  const cells = ['cpu', 'memory', 'network', 'storage'].flatMap((domain) =>
    ['unavailability', 'delay', 'corruption'].map((type) => `virtual.${domain}.${type}`),
  );
  const many = Array.from({ length: count }, (_, index): TrialMeasures => {
    const like = index % 10 === 0 ? golden : (faulty[index % faulty.length] ?? golden);
    const cell = cells[index % cells.length] ?? fault.cell;
    return {
      ...like,
      trial: `t${String(index + 1).padStart(3, '0')}`,
      repetition: 1 + Math.floor(index / cells.length),
      ...(like.fault === undefined ? {} : { fault: { ...like.fault, cell } }),
    };
  });
  const all = classified(many);
  return { ...exampleMeasures, trials: all, notRun: [], ...together(all) };
}
