/** How many pairs of one and another have the one above, less those that have it below. Infinity is a value, and its own equal. */
export function dominance(ones: readonly number[], others: readonly number[]): number {
  let sum = 0;
  for (const one of ones) for (const other of others) sum += Number(one > other) - Number(one < other);
  return sum;
}

/** Of each value: how many of all are below it, less those above. The dominance of some over the rest is the sum of theirs. */
export function dominanceScores(values: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort();
  const scoreOf = new Map<number, number>();
  for (let from = 0; from < sorted.length;) {
    const value = sorted[from] ?? NaN;
    let to = from + 1;
    while (sorted[to] === value) to += 1;
    scoreOf.set(value, from - (sorted.length - to));
    from = to;
  }
  return values.map((value) => scoreOf.get(value) ?? NaN);
}
