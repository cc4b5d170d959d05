import { proportion } from '../measures/proportion.ts';
import { fisherExact, type Share } from '../measures/statistics/fisher.ts';
import { newcombe } from '../measures/statistics/newcombe.ts';
import type { Proportion } from '../measures/measures.ts';
import type { SharesCompared } from './comparison.ts';

/** Two shares by Fisher's exact test, and their difference by Newcombe's interval. */
export function compareShares(
  row: string,
  one: Share | undefined,
  other: Share | undefined,
): Omit<SharesCompared, 'finding' | 'unlike'> {
  const difference = one && other && newcombe(one, other);
  return {
    kind: 'shares',
    row,
    ...(one === undefined ? {} : { one: proportionOf(one) }),
    ...(other === undefined ? {} : { other: proportionOf(other) }),
    ...(difference === undefined || one === undefined || other === undefined
      ? {}
      : { difference, p: fisherExact(one, other), smallestP: smallestOf(one.n, other.n) }),
  };
}

function proportionOf({ k, n }: Share): Proportion {
  return proportion(Array.from({ length: n }, (_, index) => ({ holds: index < k, weight: 1 })));
}

/** Where all hold on one side, and none on the other. */
function smallestOf(n: number, m: number): number {
  return fisherExact({ k: n, n }, { k: 0, n: m });
}
