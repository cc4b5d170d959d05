/** A scale along one edge of a plot: where a value lies between 0 and 1, and which values are labelled. */
export interface Scale {
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
}

/** From 0 to the least round number that holds all values. */
export function linearScale(values: readonly number[]): Scale {
  const top = roundUp(largest(values, 1));
  return { place: (value) => clamp(value / top), ticks: [0, top / 2, top] };
}

/** Of latencies in microseconds: at least one decade, between two marks of 1, 2 or 5. */
export function logarithmicScale(values: readonly number[]): Scale {
  const positive = values.filter((value) => value > 0);
  const marks = logarithmicMarks();
  const least = positive.length === 0 ? 1e3 : Math.min(...positive);
  const low = marks.findLast((mark) => mark <= least) ?? 1;
  const most = Math.max(largest(positive, 1e5), low * 10);
  const high = marks.find((mark) => mark >= most) ?? most;
  const decades = Math.log10(high / low);
  const inside = marks.filter((mark) => mark >= low && mark <= high);
  const whole = inside.filter((mark) => Number.isInteger(Math.log10(mark)));
  return {
    place: (value) => clamp(Math.log10(Math.max(value, low) / low) / decades),
    ticks: decades > 1.5 ? whole : inside,
  };
}

/** Instants from one to another, labelled at round distances from a zero of their own. */
export function timeScale(fromUs: number, untilUs: number, zeroUs: number): Scale {
  const lengthUs = Math.max(1, untilUs - fromUs);
  const stepUs = timeSteps.find((step) => lengthUs / step <= mostTimeTicks) ?? lengthUs;
  const first = Math.ceil((fromUs - zeroUs) / stepUs);
  const last = Math.floor((untilUs - zeroUs) / stepUs);
  return {
    place: (value) => clamp((value - fromUs) / lengthUs),
    ticks: Array.from({ length: last - first + 1 }, (_, index) => zeroUs + (first + index) * stepUs),
  };
}

/** As many labels as stand side by side on a telephone. */
const mostTimeTicks = 8;
const timeSteps = [0.1, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 7200].map((s) => s * 1e6);

/** 1 us to 1000 s. */
function logarithmicMarks(): number[] {
  return Array.from({ length: 9 }, (_, decade) => [1, 2, 5].map((mark) => mark * 10 ** decade)).flat();
}

function roundUp(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 3, 4, 6, 8, 10].map((mark) => mark * decade).find((mark) => mark >= value) ?? value;
}

function largest(values: readonly number[], otherwise: number): number {
  const most = values.reduce((sum, value) => Math.max(sum, value), 0);
  return most > 0 ? most : otherwise;
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
