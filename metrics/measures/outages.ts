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
  const sends = sendsOf(requests);
  const ends = successAfter(sends);
  let run: { first: number; last: number } | undefined;
  const close = (): void => {
    if (run !== undefined) addMerged(stretches, at(sends, run.first), ends[run.last] ?? Infinity);
    run = undefined;
  };
  slide(sends, windowUs, (sent, failed, firstFailed, lastFailed) => {
    if (sent === 0) return;
    if (failed / sent > errorRate) run = { first: run?.first ?? firstFailed, last: lastFailed };
    else if (run !== undefined) close();
  });
  close();
  return stretches;
}

/** Of each request when it was to be sent, and 1 where it failed: the windows pass over them again and again. */
interface Sends {
  readonly atUs: Float64Array;
  readonly failed: Uint8Array;
}

function sendsOf(requests: readonly Request[]): Sends {
  const atUs = new Float64Array(requests.length);
  const failed = new Uint8Array(requests.length);
  for (const [index, { intendedUs, outcome }] of requests.entries()) {
    atUs[index] = intendedUs;
    failed[index] = outcome === 'ok' ? 0 : 1;
  }
  return { atUs, failed };
}

/**
 * Shows what the window holds, each time that this changes, from the first one that is as long as it should be to the one that ends with the last send: how
 * many were sent and failed in it, and the indices of the first and the last that failed, without meaning where none did.
 */
function slide(
  sends: Sends,
  windowUs: number,
  show: (sent: number, failed: number, firstFailed: number, lastFailed: number) => void,
): void {
  const { failed } = sends;
  const leavesAt = (index: number): number => at(sends, index) + windowUs;
  const fullAtUs = leavesAt(0);
  let [from, to, failures, firstFailed, lastFailed] = [0, 0, 0, 0, 0];
  while (to < failed.length) {
    const atUs = Math.min(at(sends, to), leavesAt(from));
    for (; leavesAt(from) <= atUs; from += 1) failures -= failed[from] ?? 0;
    for (; at(sends, to) <= atUs; to += 1) {
      if (failed[to] !== 1) continue;
      failures += 1;
      lastFailed = to;
    }
    firstFailed = Math.max(firstFailed, from);
    while (firstFailed < to && failed[firstFailed] !== 1) firstFailed += 1;
    const changesAtUs = Math.min(at(sends, to), leavesAt(from));
    if (changesAtUs >= fullAtUs) show(to - from, failures, firstFailed, lastFailed);
  }
}

/** Infinity beyond the last one. */
function at({ atUs }: Sends, index: number): number {
  return atUs[index] ?? Infinity;
}

/** For each request the intended send of the first success that was meant to be sent later. */
function successAfter(sends: Sends): Float64Array {
  const after = new Float64Array(sends.atUs.length);
  let [atUs, soonestUs, laterUs] = [Infinity, Infinity, Infinity];
  for (let index = after.length - 1; index >= 0; index -= 1) {
    const intendedUs = at(sends, index);
    if (intendedUs < atUs) [atUs, laterUs] = [intendedUs, soonestUs];
    after[index] = laterUs;
    if (sends.failed[index] === 0) soonestUs = intendedUs;
  }
  return after;
}

function addMerged(stretches: Stretch[], fromUs: number, toUs: number): void {
  const before = stretches.at(-1);
  if (before === undefined || before.toUs < fromUs) stretches.push({ fromUs, toUs });
  else stretches[stretches.length - 1] = { fromUs: before.fromUs, toUs: Math.max(before.toUs, toUs) };
}
