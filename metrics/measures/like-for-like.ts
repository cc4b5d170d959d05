/** A mean latency of one side in a published table. */
export interface Row {
  readonly name: string;
  readonly value: number;
  /** It is the mean of only those cases that came to an end. */
  readonly isPartial: boolean;
}

interface Means {
  readonly one: number | undefined;
  readonly other: number | undefined;
}

/** The mean of both sides by one rule for both: what one side leaves out, the other leaves out too. */
export function likeForLike(
  one: readonly Row[],
  other: readonly Row[],
): { readonly allRows: Means; readonly wholeRows: Means; readonly commonRows: Means } {
  const common = (rows: readonly Row[], others: readonly Row[]): Row[] =>
    rows.filter(({ name }) => others.some((row) => row.name === name));
  const whole = (rows: readonly Row[]): Row[] => rows.filter(({ isPartial }) => !isPartial);
  return {
    allRows: { one: mean(one), other: mean(other) },
    wholeRows: { one: mean(whole(one)), other: mean(whole(other)) },
    commonRows: { one: mean(common(one, other)), other: mean(common(other, one)) },
  };
}

function mean(rows: readonly Row[]): number | undefined {
  return rows.length === 0 ? undefined : rows.reduce((sum, { value }) => sum + value, 0) / rows.length;
}
