/** Where, among so many values in their order, the smallest one stands that at least so many percent of them do not exceed. */
export function nearestRank(count: number, percent: number): number {
  return Math.max(0, Math.ceil((percent * count) / 100) - 1);
}

/** Undefined without a value. */
export function percentile(values: readonly number[], percent: number): number | undefined {
  return Float64Array.from(values).sort()[nearestRank(values.length, percent)];
}
