import { seeded } from '../../injectors/seeded.ts';
import type { Calendar, Random } from './schedule.ts';
import { farthestDays, type Timetable } from './timetable.ts';
import { dateOf, dayMs, dayOf, type Reading, Zone } from './zone.ts';

/**
 * The instants that the dice give, by seed, schedule's name, date and stretch of the day alone: whoever throws them again, today or after a
 * restart, gets the same.
 */
export function randomTimetable(name: string, random: Random): Timetable {
  const zone = new Zone(random.calendar.timezone);
  return {
    *after(instantMs) {
      const today = dayOf(zone.read(instantMs));
      for (let day = today; day < today + farthestDays * dayMs; day += dayMs) {
        if (!isWorkingDay(random.calendar, day)) continue;
        for (const instant of drawn(name, random, zone, day)) if (instant > instantMs) yield instant;
      }
    },
  };
}

export function stretchesADay({ calendar: { fromMs, toMs }, everyMs }: Random): number {
  return everyMs === undefined ? 1 : Math.floor((toMs - fromMs) / everyMs);
}

function isWorkingDay({ days, except }: Calendar, day: Reading): boolean {
  return days.includes(new Date(day).getUTCDay()) && !except.includes(dateOf(day));
}

function* drawn(name: string, random: Random, zone: Zone, day: Reading): Generator<number> {
  const { calendar, probability, everyMs, seed } = random;
  const from = zone.instantOf(day + calendar.fromMs);
  const to = zone.instantOf(day + calendar.toMs);
  const lengthMs = everyMs ?? to - from;
  // The hours of a day on which the clocks change may be longer or shorter.
  const stretches = lengthMs > 0 ? Math.floor((to - from) / lengthMs) : 0;
  for (let stretch = 0; stretch < stretches; stretch += 1) {
    const dice = seeded(seed, `schedule/${name}/${dateOf(day)}/${stretch}`);
    if (dice() >= probability) continue;
    const seconds = Math.floor((dice() * lengthMs) / 1000);
    yield from + stretch * lengthMs + seconds * 1000;
  }
}
