import type { Timeline } from '../../campaign/plan.ts';

/** The instants of an attempt, in this controller's monotonic clock. */
export interface Schedule {
  /** The first request of the load; the warm-up begins. */
  readonly loadUs: number;
  readonly startUs: number;
  readonly injectUs: number;
  readonly removeUs: number;
  readonly endUs: number;
  /** The last answer that can still count. */
  readonly loadEndUs: number;
  /** So long, at the most, a recovery that is open is waited for. */
  readonly horizonUs: number;
}

export function scheduleFrom(loadUs: number, timeline: Timeline, timeoutUs: number): Schedule {
  const startUs = loadUs + timeline.warmUpUs;
  const injectUs = startUs + timeline.beforeUs;
  const removeUs = injectUs + timeline.duringUs;
  const endUs = removeUs + timeline.afterUs;
  const [loadEndUs, horizonUs] = [endUs + timeoutUs, endUs + timeline.horizonUs];
  return { loadUs, startUs, injectUs, removeUs, endUs, loadEndUs, horizonUs };
}
