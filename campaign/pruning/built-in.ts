import type { PolicyPlan } from './policy.ts';

/** The policies that a file names, and what they are written out; likelihoods below this are the file's own. */
export const builtIns = ['same-outcome', 'same-recovery', 'component-already-fails', 'unlikely'] as const;
export type BuiltIn = (typeof builtIns)[number];

const combined = 'faults > 1';

/** `below` is of `unlikely` alone. */
export function builtIn(policy: BuiltIn, name: string, keep: number, below: number): PolicyPlan {
  switch (policy) {
    case 'same-outcome':
      return { kind: 'cluster', name, of: combined, by: 'targets, touched, outcomes, repairs', keep };
    case 'same-recovery':
      return { kind: 'cluster', name, of: combined, by: 'outcomes, repairs', keep };
    case 'component-already-fails':
      return { kind: 'filter', name, filter: `${combined} and count(broken) > 0` };
    case 'unlikely':
      return { kind: 'filter', name, filter: `${combined} and likelihood < ${below}` };
  }
}
