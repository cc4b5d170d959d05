/** First and last, both in it. */
export type Range = readonly [first: number, last: number];

/** A set of whole numbers from 0 on, as the ranges that are in it: small where few are missing. */
export class Ranges {
  /** In their order, with a gap between any two. */
  readonly #ranges: [number, number][] = [];

  /** False where it was in it. */
  add(number: number): boolean {
    const after = this.#firstAfter(number);
    const before = this.#ranges[after - 1];
    const next = this.#ranges[after];
    if (before !== undefined && number <= before[1]) return false;
    const extendsBefore = before?.[1] === number - 1;
    const extendsNext = next?.[0] === number + 1;
    if (extendsBefore && extendsNext) {
      before[1] = next[1];
      this.#ranges.splice(after, 1);
    } else if (extendsBefore) before[1] = number;
    else if (extendsNext) next[0] = number;
    else this.#ranges.splice(after, 0, [number, number]);
    return true;
  }

  /** Those from 0 to `last` that are not in it. */
  missing(last: number): Range[] {
    const missing: Range[] = [];
    let due = 0;
    for (const [first, end] of this.#ranges) {
      if (first > last) break;
      if (first > due) missing.push([due, first - 1]);
      due = end + 1;
    }
    if (due <= last) missing.push([due, last]);
    return missing;
  }

  /** How many of those in it are above `last`. */
  above(last: number): number {
    return this.#ranges.reduce((sum, [first, end]) => sum + Math.max(0, end - Math.max(first - 1, last)), 0);
  }

  /** The index of the first range that begins after a number. */
  #firstAfter(number: number): number {
    let low = 0;
    let high = this.#ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const [first] = this.#ranges[middle] ?? [Infinity];
      if (first <= number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
