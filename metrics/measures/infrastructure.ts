import type { TrialInfrastructure } from './infrastructure-measures.ts';

/** Of a trial whose hosts nobody watched. */
export function nothingWatched(golden: boolean): TrialInfrastructure {
  const unknown = 'unknown';
  const response = {
    detected: unknown,
    harmed: unknown,
    repaired: unknown,
    inTime: unknown,
    restored: unknown,
    recovered: unknown,
    healedOnRemoval: unknown,
  } as const;
  return {
    unknownBecause: ['nothing was watched'],
    ...(golden ? {} : { response }),
    falsePositives: [],
    wrongComponents: [],
  };
}
