/** Where in their order the first one stands that is later than an instant. */
export function firstAfter(sorted: Float64Array, atUs: number): number {
  return firstThat(sorted, (us) => us > atUs);
}

/** Where the first one stands that is not before an instant. */
export function firstFrom(sorted: Float64Array, atUs: number): number {
  return firstThat(sorted, (us) => us >= atUs);
}

/** What it is true of stands behind all that it is not true of. */
function firstThat(sorted: Float64Array, is: (us: number) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (is(sorted[middle] ?? Infinity)) high = middle;
    else low = middle + 1;
  }
  return low;
}
