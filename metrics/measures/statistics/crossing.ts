/** Where `isBelow` turns from true to false between 0 and 1, to the last bit. */
export function crossing(isBelow: (share: number) => boolean): number {
  let [low, high] = [0, 1];
  for (;;) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return middle;
    if (isBelow(middle)) low = middle;
    else high = middle;
  }
}
