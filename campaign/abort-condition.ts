/** When a campaign ends before its last trial, by itself. What is absent is no condition. */
export interface AbortConditions {
  /** Names of faults and combinations, and `golden-runs`: a trial of one of these that misses the SLO is enough. */
  readonly canary: readonly string[];
  /** So many trials may miss the SLO, or be unknown; the next one is too many. */
  readonly budget: { readonly fail?: number; readonly unknown?: number };
  /** So many of the campaign's hosts have to be connected, and not in quarantine; fewer for longer than this are too few. */
  readonly hosts?: { readonly atLeast: number; readonly withinUs: number };
}

/** In the place of the name of a fault. */
export const goldenRuns = 'golden-runs';
