import type { Request } from './request.ts';

/** Successful requests a second of the window, by their intended sends. */
export function throughput(requests: readonly Request[], lengthUs: number): number | 'unknown' {
  if (lengthUs <= 0) return 'unknown';
  const successes = requests.filter(({ outcome }) => outcome === 'ok').length;
  return (successes * 1_000_000) / lengthUs;
}
