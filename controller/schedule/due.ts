import { instantsAfter, type Timetable } from '../../campaign/schedule/timetable.ts';

/** A controller that is started again within this is not late; what is longer ago was missed. */
export const lateAtMostMs = 30_000;

/** More instants than this that passed together are not counted further. */
const countedAtMost = 1_000;
/** The last instant is looked for in the last minute, the last hour, and so on: a year may hold millions. */
const spansMs = [60_000, 3_600_000, 24 * 3_600_000, 31 * 24 * 3_600_000, 366 * 24 * 3_600_000];

interface Decision {
  readonly instantMs: number;
  readonly outcome: 'decided' | 'missed';
  /** So many earlier instants have passed as well. */
  readonly passed: number;
}

/**
 * What is to be done now about the instants after `throughMs`: of those that have come only the last counts. It is late where nobody looked
 * at the time, and then it depends on the schedule whether it is made up for.
 */
export function decide(
  timetable: Timetable,
  throughMs: number,
  nowMs: number,
  missed: 'skip' | 'run-once',
): Decision | undefined {
  const instantMs = lastIn(timetable, throughMs, nowMs);
  if (instantMs === undefined) return undefined;
  const counted = instantsAfter(timetable, throughMs, countedAtMost + 1);
  const passed = counted.filter((instant) => instant < instantMs).length;
  const isToRun = missed === 'run-once' || !isLate(instantMs, nowMs);
  return { instantMs, outcome: isToRun ? 'decided' : 'missed', passed };
}

export function isLate(instantMs: number, nowMs: number): boolean {
  return nowMs - instantMs > lateAtMostMs;
}

function lastIn(timetable: Timetable, throughMs: number, nowMs: number): number | undefined {
  const spans = spansMs.filter((span) => nowMs - span > throughMs);
  for (const fromMs of [...spans.map((span) => nowMs - span), throughMs]) {
    let last: number | undefined;
    for (const instant of timetable.after(fromMs)) {
      if (instant > nowMs) break;
      last = instant;
    }
    if (last !== undefined) return last;
  }
  return undefined;
}
