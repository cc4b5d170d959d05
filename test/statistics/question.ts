import type { Interval } from '../../metrics/measures/statistics/interval.ts';

/** What both implementations are asked: as R reads it, and what Ordeal answers. */
export interface Question {
  readonly name: string;
  readonly fields: readonly (number | readonly number[])[];
  readonly answer: readonly number[];
}

export const seed = 20261121;
const perStatistic = 300;

export function times<Item>(make: (index: number) => Item): Item[] {
  return Array.from({ length: perStatistic }, (_, index) => make(index));
}

export function many(count: number, make: () => number): number[] {
  return Array.from({ length: count }, make);
}

export function ends({ low, high }: Interval): number[] {
  return [low, high];
}
