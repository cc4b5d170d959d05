import { seeded } from '../../../injectors/seeded.ts';
import { certainty, costOfChosen, plus, sumOfChosen, twoSided } from './chances.ts';
import { dominance, dominanceScores } from './dominance.ts';

/** Values that may be compared with each other: those of one block, or all. */
export interface Stratum {
  readonly ones: readonly number[];
  readonly others: readonly number[];
}

export interface Significance {
  readonly p: number;
  readonly method: 'exact' | 'monte-carlo';
}

/** About a tenth of a second. */
const mostAdditions = 2e7;

/** No p that is told this way is below two of so many. */
const draws = 20_000;

/** One side of a stratum is to be chosen, the one that is fewer; the scores are signed as the ones see them. */
interface Pool {
  readonly scores: readonly number[];
  readonly chosen: number;
}

/**
 * The test of Mann and Whitney by permutation, two-sided, for values with ties: twice how likely it is that the ones dominate the others so much, or
 * so little, if within each stratum it were chance which of the values are the ones'. All permutations are counted where they are few enough; else seeded
 * ones are drawn. Undefined where no stratum has both.
 */
export function permutationTest(strata: readonly Stratum[], seed: number): Significance | undefined {
  const both = strata.filter(({ ones, others }) => ones.length > 0 && others.length > 0);
  if (both.length === 0) return undefined;
  const seen = both.reduce((sum, { ones, others }) => sum + dominance(ones, others), 0);
  const pools = both.map(poolOf);
  const pairs = both.reduce((sum, { ones, others }) => sum + ones.length * others.length, 0);
  const cost = pools.reduce((sum, { scores, chosen }) => sum + costOfChosen(scores, chosen), 0);
  if (cost + pairs * pairs > mostAdditions) return drawn(pools, seen, seed);
  const chances = pools.reduce(
    (all, { scores, chosen }) => plus(all, sumOfChosen(scores, chosen)),
    certainty,
  );
  return { p: twoSided(chances, seen), method: 'exact' };
}

function poolOf({ ones, others }: Stratum): Pool {
  const scores = dominanceScores([...ones, ...others]);
  if (ones.length <= others.length) return { scores, chosen: ones.length };
  return { scores: scores.map((score) => -score), chosen: others.length };
}

/** What was seen counts as one of the draws, so that no p is 0. */
function drawn(pools: readonly Pool[], seen: number, seed: number): Significance {
  const random = seeded(seed, 'permutations');
  const decks = pools.map(({ scores, chosen }) => ({ deck: Float64Array.from(scores), chosen }));
  let [low, high] = [1, 1];
  for (let draw = 1; draw < draws; draw += 1) {
    let sum = 0;
    for (const { deck, chosen } of decks) sum += sumOfDrawn(deck, chosen, random);
    if (sum <= seen) low += 1;
    if (sum >= seen) high += 1;
  }
  return { p: Math.min(1, (2 * low) / draws, (2 * high) / draws), method: 'monte-carlo' };
}

/** Leaves the deck in another order. */
function sumOfDrawn(deck: Float64Array, count: number, random: () => number): number {
  let sum = 0;
  for (let place = 0; place < count; place += 1) {
    const other = place + Math.floor(random() * (deck.length - place));
    const [score, moved] = [deck[other] ?? 0, deck[place] ?? 0];
    deck[place] = score;
    deck[other] = moved;
    sum += score;
  }
  return sum;
}
