import { createTask, parse, validateDetailed } from 'node-cron';
import type { Cron } from './schedule.ts';
import { farthestDays, type Timetable } from './timetable.ts';
import { dayMs, dayOf, type Reading, Zone } from './zone.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;

/** Why a text is no cron expression, in node-cron's words. */
export function cronProblem(expression: string): string | undefined {
  const { valid, errors } = validateDetailed(expression);
  if (valid) return undefined;
  return errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
}

/**
 * The instants of a cron expression: node-cron reads it and says which instants match it; which to ask about is found here, since its own
 * search knows no other beginning than now, and leaves out the first pass of an hour that the clocks go through twice.
 */
export function cronTimetable({ expression, timezone }: Cron): Timetable {
  const zone = new Zone(timezone);
  const { second, minute, hour } = parse(expression);
  const [seconds, minutes, hours] = [inOrder(second), inOrder(minute), inOrder(hour)];
  const task = createTask(expression, () => undefined, { timezone });
  // Its timers are not wanted, nor is its place in node-cron's list of tasks.
  void task.destroy();
  // What is to happen every hour does so in both passes of an hour; what names its hours happens once.
  const passes = hours.length === 24 ? [0, 1] : [0];

  function* readingsOf(day: Reading, hour: number): Generator<Reading> {
    for (const minute of minutes)
      for (const second of seconds) yield day + hour * hourMs + minute * minuteMs + second * 1000;
  }
  function* instantsOf(day: Reading, fromHour: number): Generator<number> {
    for (const hour of hours.filter((one) => one >= fromHour))
      for (const pass of passes)
        for (const reading of readingsOf(day, hour)) {
          const instant = zone.instantsOf(reading)[pass];
          if (instant !== undefined) yield instant;
        }
  }
  function isMeant(day: Reading): boolean {
    for (const instant of instantsOf(day, 0)) return task.match(new Date(instant));
    return false;
  }
  return {
    *after(instantMs) {
      const now = zone.read(instantMs);
      const today = dayOf(now);
      for (let day = today; day < today + farthestDays * dayMs; day += dayMs) {
        if (!isMeant(day)) continue;
        const fromHour = day === today ? Math.floor((now - today) / hourMs) : 0;
        for (const instant of instantsOf(day, fromHour)) if (instant > instantMs) yield instant;
      }
    },
  };
}

/** A list may name them in any order, and one of them twice. */
function inOrder(values: readonly number[]): number[] {
  return [...new Set(values)].sort((one, other) => one - other);
}
