/** How likely each whole number is, from the lowest on. */
export interface Chances {
  readonly lowest: number;
  readonly of: Float64Array;
}

/** Nothing but 0. */
export const certainty: Chances = { lowest: 0, of: Float64Array.of(1) };

/** What so many of the scores, which are whole numbers, sum up to, where every choice of them is as likely as any other. */
export function sumOfChosen(scores: readonly number[], count: number): Chances {
  const lowest = Math.min(0, ...scores);
  const raised = scores.map((score) => score - lowest);
  const width = highestSum(raised, count) + 1;
  const ways = Array.from({ length: count + 1 }, () => new Float64Array(width));
  (ways[0] ?? new Float64Array()).fill(1, 0, 1);
  for (const score of raised) {
    for (let chosen = count; chosen > 0; chosen -= 1) {
      const [without, within] = [ways[chosen - 1], ways[chosen]];
      if (without === undefined || within === undefined) continue;
      for (let sum = score; sum < width; sum += 1)
        within[sum] = (within[sum] ?? 0) + (without[sum - score] ?? 0);
    }
  }
  const found = ways[count] ?? new Float64Array();
  const all = found.reduce((total, some) => total + some, 0);
  return { lowest: lowest * count, of: found.map((some) => some / all) };
}

/** How much adding up `sumOfChosen` would take, in additions. */
export function costOfChosen(scores: readonly number[], count: number): number {
  const lowest = Math.min(0, ...scores);
  const raised = scores.map((score) => score - lowest);
  return scores.length * count * (highestSum(raised, count) + 1);
}

/** The sum of two numbers that do not depend on each other. */
export function plus(one: Chances, other: Chances): Chances {
  const of = new Float64Array(one.of.length + other.of.length - 1);
  for (let place = 0; place < one.of.length; place += 1) {
    const chance = one.of[place] ?? 0;
    if (chance === 0) continue;
    for (let further = 0; further < other.of.length; further += 1) {
      of[place + further] = (of[place + further] ?? 0) + chance * (other.of[further] ?? 0);
    }
  }
  return { lowest: one.lowest + other.lowest, of };
}

/** Twice how likely a number is that is at least as low, or at least as high, whichever is less. */
export function twoSided({ lowest, of }: Chances, seen: number): number {
  let [low, high] = [0, 0];
  for (const [place, chance] of of.entries()) {
    if (lowest + place <= seen) low += chance;
    if (lowest + place >= seen) high += chance;
  }
  return Math.min(1, 2 * low, 2 * high);
}

function highestSum(raised: readonly number[], count: number): number {
  return raised
    .toSorted((a, b) => b - a)
    .slice(0, count)
    .reduce((sum, score) => sum + score, 0);
}
