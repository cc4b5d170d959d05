import type { Measures, TrialMeasures } from '../measures/measures.ts';
import { groupsOf } from '../measures/references.ts';
import { exampleDefinition } from './setting.example.ts';
import { doubtful, fault, golden, healed, interrupted, neverBack } from './trials.example.ts';

/** A small campaign as its measures could be, for the tests of the report and to look at. */

const trials = [golden, interrupted, neverBack, doubtful, healed];

export const exampleMeasures: Measures = {
  version: 1,
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
  groups: groupsOf(trials, exampleDefinition),
};

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
  return { ...exampleMeasures, trials: many, notRun: [], groups: groupsOf(many, exampleDefinition) };
}
