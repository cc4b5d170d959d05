/** Successful requests a second of the window, by their intended sends. */
export function throughput(successes: number, lengthUs: number): number | 'unknown' {
  return lengthUs <= 0 ? 'unknown' : (successes * 1_000_000) / lengthUs;
}
