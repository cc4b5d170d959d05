/** When something is to happen: whole seconds, as milliseconds since 1970. The same question always has the same answer. */
export interface Timetable {
  /** Those after an instant, in their order; they may come to an end. */
  after(instantMs: number): Iterable<number>;
}

/** How far ahead is looked for an instant: far enough for a February 29 on a Monday, which may be 40 years away. */
export const farthestDays = 41 * 366;

export function instantsAfter(timetable: Timetable, instantMs: number, count: number): number[] {
  const found: number[] = [];
  if (count <= 0) return found;
  for (const instant of timetable.after(instantMs)) if (found.push(instant) >= count) break;
  return found;
}
