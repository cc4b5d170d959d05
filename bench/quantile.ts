/** By nearest rank. */
export function quantile(values: readonly number[], share: number): number {
  const inOrder = values.toSorted((a, b) => a - b);
  const value = inOrder[Math.max(0, Math.ceil(inOrder.length * share) - 1)];
  if (value === undefined) throw new RangeError('no value has no quantile');
  return value;
}

/** "p50 0.21 ms, p99 3.10 ms, at most 4.00 ms" of microseconds. */
export function spread(us: readonly number[]): string {
  const [p50, p99, max] = [0.5, 0.99, 1].map((share) => milliseconds(quantile(us, share)));
  return `p50 ${p50}, p99 ${p99}, at most ${max}`;
}

export function milliseconds(us: number): string {
  return us === Number.POSITIVE_INFINITY ? 'never' : `${(us / 1000).toFixed(2)} ms`;
}
