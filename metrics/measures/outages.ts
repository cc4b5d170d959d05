import type { Request } from './request.ts';

/** A stretch in which the service failed, over all that was sent. */
export interface Stretch {
  /** The intended send of the first failed request. */
  readonly fromUs: number;
  /** The intended send of the first success after the last failed request; Infinity where there is none. */
  readonly toUs: number;
}

/**
 * The runs of sliding windows in which more than the rate failed. The window at t holds the intended sends of (t - window, t], and t is
 * every instant: what a window holds changes only where a send enters or leaves, so looking there is looking everywhere. A window
 * without a send is unknown: it neither begins nor ends a run. No window reaches beyond the load, where it would hold a few requests only
 * and one failure among them would seem to be many. Runs whose stretches overlap are one.
 *
 * `requests` are in the order of their intended sends.
 */
export function findOutages(requests: readonly Request[], windowUs: number, errorRate: number): Stretch[] {
  const stretches: Stretch[] = [];
  const ends = successAfter(requests);
  let run: { first: number; last: number } | undefined;
  const close = (): void => {
    if (run !== undefined) addMerged(stretches, intendedAt(requests, run.first), ends[run.last] ?? Infinity);
    run = undefined;
  };
  for (const { failed, sent, firstFailed, lastFailed } of windowsOver(requests, windowUs)) {
    if (sent === 0) continue;
    if (failed / sent > errorRate) run = { first: run?.first ?? firstFailed, last: lastFailed };
    else close();
  }
  close();
  return stretches;
}

interface Window {
  readonly sent: number;
  readonly failed: number;
  /** Indices of the first and the last failed request in it; without meaning where none failed. */
  readonly firstFailed: number;
  readonly lastFailed: number;
}

/** What the window holds, each time that this changes, from the first one that is as long as it should be to the one that ends with the last send. */
function* windowsOver(requests: readonly Request[], windowUs: number): Generator<Window> {
  const isFailed = (index: number): boolean => requests[index]?.outcome !== 'ok';
  const leavesAt = (index: number): number => intendedAt(requests, index) + windowUs;
  const fullAtUs = leavesAt(0);
  let [from, to, failed, firstFailed, lastFailed] = [0, 0, 0, 0, 0];
  while (to < requests.length) {
    const atUs = Math.min(intendedAt(requests, to), leavesAt(from));
    for (; leavesAt(from) <= atUs; from += 1) if (isFailed(from)) failed -= 1;
    for (; intendedAt(requests, to) <= atUs; to += 1) {
      if (!isFailed(to)) continue;
      failed += 1;
      lastFailed = to;
    }
    firstFailed = Math.max(firstFailed, from);
    while (firstFailed < to && !isFailed(firstFailed)) firstFailed += 1;
    const changesAtUs = Math.min(intendedAt(requests, to), leavesAt(from));
    if (changesAtUs >= fullAtUs) yield { sent: to - from, failed, firstFailed, lastFailed };
  }
}

/** Infinity beyond the last one. */
function intendedAt(requests: readonly Request[], index: number): number {
  return requests[index]?.intendedUs ?? Infinity;
}

/** For each request the intended send of the first success that was meant to be sent later. */
function successAfter(requests: readonly Request[]): Float64Array {
  const after = new Float64Array(requests.length);
  let [atUs, soonestUs, laterUs] = [Infinity, Infinity, Infinity];
  for (let index = requests.length - 1; index >= 0; index -= 1) {
    const intendedUs = intendedAt(requests, index);
    if (intendedUs < atUs) [atUs, laterUs] = [intendedUs, soonestUs];
    after[index] = laterUs;
    if (requests[index]?.outcome === 'ok') soonestUs = intendedUs;
  }
  return after;
}

function addMerged(stretches: Stretch[], fromUs: number, toUs: number): void {
  const before = stretches.at(-1);
  if (before === undefined || before.toUs < fromUs) stretches.push({ fromUs, toUs });
  else stretches[stretches.length - 1] = { fromUs: before.fromUs, toUs: Math.max(before.toUs, toUs) };
}
