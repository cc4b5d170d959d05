/** Each p after the correction for how many there are, in the order given: at 0.05 the chance that any of them is wrongly below is 5%. */
export function holm(ps: readonly number[]): number[] {
  const inOrder = ps.map((p, place) => ({ p, place })).toSorted((one, other) => one.p - other.p);
  const corrected = new Array<number>(ps.length).fill(1);
  let before = 0;
  for (const [rank, { p, place }] of inOrder.entries()) {
    before = Math.max(before, Math.min(1, p * (ps.length - rank)));
    corrected[place] = before;
  }
  return corrected;
}
