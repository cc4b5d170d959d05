import { succeeded, type Requests } from './requests.ts';

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
 */
export function findOutages(sends: Requests, windowUs: number, errorRate: number): Stretch[] {
  const stretches: Stretch[] = [];
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

/**
 * Shows what the window holds, each time that this changes, from the first one that is as long as it should be to the one that ends with the last send: how
 * many were sent and failed in it, and the indices of the first and the last that failed, without meaning where none did.
 */
function slide(
  sends: Requests,
  windowUs: number,
  show: (sent: number, failed: number, firstFailed: number, lastFailed: number) => void,
): void {
  const { count, outcome } = sends;
  const isFailed = (index: number): boolean => outcome[index] !== succeeded;
  const leavesAt = (index: number): number => at(sends, index) + windowUs;
  const fullAtUs = leavesAt(0);
  let [from, to, failures, firstFailed, lastFailed] = [0, 0, 0, 0, 0];
  while (to < count) {
    const atUs = Math.min(at(sends, to), leavesAt(from));
    for (; leavesAt(from) <= atUs; from += 1) if (isFailed(from)) failures -= 1;
    for (; at(sends, to) <= atUs; to += 1) {
      if (!isFailed(to)) continue;
      failures += 1;
      lastFailed = to;
    }
    firstFailed = Math.max(firstFailed, from);
    while (firstFailed < to && !isFailed(firstFailed)) firstFailed += 1;
    const changesAtUs = Math.min(at(sends, to), leavesAt(from));
    if (changesAtUs >= fullAtUs) show(to - from, failures, firstFailed, lastFailed);
  }
}

/** Infinity beyond the last one. */
function at({ intendedUs }: Requests, index: number): number {
  return intendedUs[index] ?? Infinity;
}

/** For each request the intended send of the first success that was meant to be sent later. */
function successAfter(sends: Requests): Float64Array {
  const after = new Float64Array(sends.count);
  let [atUs, soonestUs, laterUs] = [Infinity, Infinity, Infinity];
  for (let index = after.length - 1; index >= 0; index -= 1) {
    const intendedUs = at(sends, index);
    if (intendedUs < atUs) [atUs, laterUs] = [intendedUs, soonestUs];
    after[index] = laterUs;
    if (sends.outcome[index] === succeeded) soonestUs = intendedUs;
  }
  return after;
}

function addMerged(stretches: Stretch[], fromUs: number, toUs: number): void {
  const before = stretches.at(-1);
  if (before === undefined || before.toUs < fromUs) stretches.push({ fromUs, toUs });
  else stretches[stretches.length - 1] = { fromUs: before.fromUs, toUs: Math.max(before.toUs, toUs) };
}
