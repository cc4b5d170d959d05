import type { Condition, Side, SideRow } from './side.ts';

/** A side as a saved run may be, for tests. */
export function madeSide(rows: readonly SideRow[], conditions: readonly Condition[] = fine): Side {
  return {
    name: 'made',
    kind: 'saved run',
    source: 'made-1',
    conditions,
    rows,
    contradictions: [],
    printed: {},
  };
}

const fine: readonly Condition[] = [{ what: 'load: rate', said: '250/s' }];

export function madeRow(name: string, row: Partial<SideRow>): SideRow {
  return { name, trials: 5, shares: {}, values: {}, averages: {}, ...row };
}
