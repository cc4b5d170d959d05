import type { Unlike } from './comparison.ts';
import type { ComparedMeasure } from './measure.ts';
import type { Condition, Side } from './side.ts';

const notSaid = 'not said';

/** In what two sides are not like for like: what one says of its conditions and the other does not say as well. */
export function unlikeness(one: Side, other: Side): Unlike[] {
  if (one.kind !== other.kind) return [{ what: 'what is known', one: knownOf(one), other: knownOf(other) }];
  if (one.conditions.length === 0 && other.conditions.length === 0) {
    return [{ what: 'workload, timeline and faults', one: notSaid, other: notSaid }];
  }
  const shared = new Set(one.rows.map(({ name }) => name).filter((name) => has(other, name)));
  const found = both(one.conditions, other.conditions)
    .filter(({ row }) => row === undefined || shared.has(row))
    .filter((pair) => pair.one !== pair.other);
  return together(found).sort(
    (a, b) => Number(a.isItsOwn ?? false) - Number(b.isItsOwn ?? false) || rank(a) - rank(b),
  );
}

/** What of it counts against a row in a measure. */
export function unlikeOf(unlike: readonly Unlike[], row: string, measure: ComparedMeasure): string[] {
  return unlike
    .filter(({ isItsOwn }) => isItsOwn !== true)
    .filter(({ rows }) => rows === undefined || rows.includes(row))
    .filter(({ affects }) => affects === undefined || affects.includes(measure))
    .map(({ what }) => what);
}

interface Pair extends Omit<Condition, 'said'> {
  readonly one: string;
  readonly other: string;
}

function both(ones: readonly Condition[], others: readonly Condition[]): Pair[] {
  const keyOf = ({ what, row }: Condition): string => `${row ?? ''}\n${what}`;
  const byKey = new Map(others.map((condition) => [keyOf(condition), condition]));
  const pairs = ones.map(({ said, ...condition }): Pair => {
    const key = keyOf({ ...condition, said });
    const counterpart = byKey.get(key);
    byKey.delete(key);
    return { ...condition, one: said, other: counterpart?.said ?? notSaid };
  });
  const rest = [...byKey.values()].map(({ said, ...condition }): Pair => ({
    ...condition,
    one: notSaid,
    other: said,
  }));
  return [...pairs, ...rest];
}

/** The same difference in several rows is one. */
function together(pairs: readonly Pair[]): Unlike[] {
  const found = new Map<string, Unlike>();
  for (const { row, ...pair } of pairs) {
    const key = [pair.what, pair.one, pair.other].join('\n');
    const rows = row === undefined ? {} : { rows: [...(found.get(key)?.rows ?? []), row] };
    found.set(key, { ...pair, ...rows });
  }
  return [...found.values()];
}

/** What is of all rows first. */
function rank({ rows }: Unlike): number {
  return rows === undefined ? 0 : 1;
}

function has(side: Side, name: string): boolean {
  return side.rows.some((row) => row.name === name);
}

function knownOf({ kind }: Side): string {
  return kind === 'aggregates'
    ? 'what was published, by its own definitions'
    : 'each trial, by the definition of the run';
}
