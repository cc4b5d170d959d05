/** Longer texts are no misspelling of anything that we know, and would take long to compare. */
const longest = 60;

/** The word that was probably meant: the one with the fewest slips, not more than one in three characters; undefined where none is near. */
export function nearest(text: string, words: readonly string[]): string | undefined {
  if (text.length > longest) return undefined;
  const slipsAllowed = Math.max(1, Math.floor(text.length / 3));
  const ranked = words
    .map((word) => ({ word, slips: slipsBetween(text.toLowerCase(), word.toLowerCase()) }))
    .filter(({ slips }) => slips <= slipsAllowed)
    .sort((one, other) => one.slips - other.slips);
  return ranked[0]?.word;
}

/** Levenshtein's distance. */
function slipsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let index = 0; index < one.length; index += 1) {
    const next = [index + 1];
    for (let column = 0; column < other.length; column += 1) {
      const replaced = (row[column] ?? 0) + (one[index] === other[column] ? 0 : 1);
      next.push(Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? one.length;
}
