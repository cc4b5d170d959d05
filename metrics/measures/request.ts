import type { Outcome } from '../../events/sample-columns.ts';
import { isInOrder } from './canonical.ts';
import type { Clocks, HostClock } from './clocks.ts';
import type { Row } from './samples.ts';

/** A request as the measures see it: where it belongs in the reference clock, and how long it took. */
export interface Request {
  /** The instant that it was meant to be sent at, which it belongs to in every measure. */
  readonly intendedUs: number;
  readonly requestClass: string;
  readonly outcome: Outcome;
  /** From the intended send to the answer, or to when the failure was known. */
  readonly latencyUs: number;
  readonly sentLatencyUs: number;
}

export interface Requests {
  /** In the order of their intended sends. */
  readonly requests: readonly Request[];
  /** Their instants are right to within so much. */
  readonly errorUs: number;
}

/** Undefined where the clock of a host that sent some of them was never read. */
export function requestsOf(rows: readonly Row[], clocks: Clocks): Requests | undefined {
  const requests: Request[] = [];
  let errorUs = 0;
  let origin: Row | undefined;
  let clock: HostClock | undefined;
  for (const row of rows) {
    // One after the other they are of one host, mostly.
    if (origin === undefined || row.host !== origin.host || row.boot !== origin.boot) {
      origin = row;
      clock = clocks.of(row);
    }
    if (clock === undefined) return undefined;
    const intended = clock.toReference(row.intendedUs);
    errorUs = Math.max(errorUs, intended.errorUs);
    requests.push({
      intendedUs: intended.atUs,
      requestClass: row.requestClass,
      outcome: row.outcome,
      latencyUs: row.answeredUs - row.intendedUs,
      sentLatencyUs: row.answeredUs - row.sentUs,
    });
  }
  const byIntended = (a: Request, b: Request): number => a.intendedUs - b.intendedUs;
  // Stable, so that those of one instant stay in the canonical order of their rows.
  if (!isInOrder(requests, byIntended)) requests.sort(byIntended);
  return { requests, errorUs };
}
