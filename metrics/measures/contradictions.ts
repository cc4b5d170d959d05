/** What one record says of a row: so many trials of it at the least, so many at the most. */
export interface Statement {
  readonly record: string;
  readonly row: string;
  readonly atLeast: number;
  readonly atMost: number;
}

export interface Contradiction {
  readonly row: string;
  readonly statements: readonly Statement[];
}

/** The rows of which no number is what all records say, in the order of their first mention. */
export function contradictions(statements: readonly Statement[]): Contradiction[] {
  const rows = [...new Set(statements.map(({ row }) => row))];
  return rows.flatMap((row) => {
    const own = statements.filter((statement) => statement.row === row);
    const least = Math.max(...own.map(({ atLeast }) => atLeast));
    const most = Math.min(...own.map(({ atMost }) => atMost));
    return least > most ? [{ row, statements: own }] : [];
  });
}

/** What the sum over all rows may be, where each row is what one of its records says: one number where nothing is contradicted. */
export function totals(
  statements: readonly Statement[],
  record: string,
): { atLeast: number; atMost: number } {
  const contradicted = contradictions(statements);
  const sum = { atLeast: 0, atMost: 0 };
  for (const { row, atLeast, atMost } of statements.filter((statement) => statement.record === record)) {
    const others = contradicted.find((contradiction) => contradiction.row === row)?.statements ?? [];
    sum.atLeast += Math.min(atLeast, ...others.map((other) => other.atMost));
    sum.atMost += Math.max(atMost, ...others.map((other) => other.atLeast));
  }
  return sum;
}
