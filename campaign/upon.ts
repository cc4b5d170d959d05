import type { Rule } from './definition.ts';

/** What the infrastructure has to say before a fault of a combination begins, counted from the beginning of the first fault on. */
export interface Upon {
  readonly means: Rule['means'];
  /** Later than this it is not waited for, and the fault does not begin. */
  readonly withinUs: number;
}

interface Timed {
  /** From the beginning of the first fault on; from the notice on where one is waited for. */
  readonly atUs: number;
  readonly upon?: Upon;
}

/** When it begins at the latest, from the beginning of the first fault on. */
export function latestBeginningUs({ atUs, upon }: Timed): number {
  return (upon?.withinUs ?? 0) + atUs;
}

/** When it begins at the earliest. */
export function earliestBeginningUs({ atUs, upon }: Timed): number {
  return upon === undefined ? atUs : 0;
}
