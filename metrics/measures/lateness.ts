import type { Lateness } from './measures.ts';
import type { Rows } from './rows.ts';

/** A generator that is later than this at its 99th percentile adds more to L90 than most services take to answer. */
const noteworthyUs = 20_000;

/** How late the load generator sent, against its own schedule: what its machine added to every latency from the intended send. */
export function lateness({ intendedUs, sentUs }: Pick<Rows, 'intendedUs' | 'sentUs'>): Lateness {
  const sorted = sentUs.map((sent, row) => sent - (intendedUs[row] ?? 0)).sort();
  const rank = (percent: number): number | 'unknown' =>
    sorted[Math.ceil((percent * sorted.length) / 100) - 1] ?? 'unknown';
  return { p50Us: rank(50), p99Us: rank(99), maxUs: rank(100) };
}

export function latenessNotes({ p99Us }: Lateness): string[] {
  if (p99Us === 'unknown' || p99Us <= noteworthyUs) return [];
  const ms = Math.round(p99Us / 1000);
  return [
    `the load generator was late: by ${ms} ms at its 99th percentile, which latencies from the intended send include`,
  ];
}
