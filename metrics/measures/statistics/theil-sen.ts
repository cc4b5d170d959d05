export interface Point {
  readonly at: number;
  readonly value: number;
}

/** The slope that as many pairs of points exceed as fall short of (Theil and Sen). Undefined where no two points lie apart, or one of them is infinite. */
export function theilSen(points: readonly Point[]): number | undefined {
  const slopes = points
    .flatMap((one, place) =>
      points.slice(place + 1).map((other) => (other.value - one.value) / (other.at - one.at)),
    )
    .toSorted((a, b) => a - b);
  if (!points.every(({ value }) => Number.isFinite(value))) return undefined;
  const middle = (slopes.length - 1) / 2;
  const [low, high] = [slopes[Math.floor(middle)], slopes[Math.ceil(middle)]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
}
