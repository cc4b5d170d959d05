import type { Proportion } from './measures.ts';
import { clopperPearson } from './statistics/clopper-pearson.ts';
import { wilson } from './statistics/wilson.ts';

export interface Case {
  readonly holds: boolean;
  readonly weight: number;
}

/** How many of the cases hold. Without a case everything between none and all is possible. */
export function proportion(cases: readonly Case[]): Proportion {
  const n = cases.length;
  const k = cases.filter(({ holds }) => holds).length;
  const anything = { low: 0, high: 1 };
  if (n === 0) return { k, n, share: 'unknown', weighted: 'unknown', ...anything, exact: anything };
  const weights = cases.reduce((sum, { weight }) => sum + weight, 0);
  const held = cases.reduce((sum, { holds, weight }) => sum + (holds ? weight : 0), 0);
  return {
    k,
    n,
    share: k / n,
    weighted: weights > 0 ? held / weights : 'unknown',
    ...wilson(k, n),
    exact: clopperPearson(k, n),
  };
}
