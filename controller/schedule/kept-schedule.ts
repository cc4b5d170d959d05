import { readSchedule } from '../../campaign/schedule/read.ts';
import { type Schedule, timetableOf } from '../../campaign/schedule/schedule.ts';
import { instantsAfter, type Timetable } from '../../campaign/schedule/timetable.ts';
import { decide } from './due.ts';
import type { Firing, ScheduleRecord } from './records.ts';

/** The last so many stay in the store: a day of a campaign every half an hour. Their campaigns stay as every campaign does. */
const firingsKept = 50;

/** A schedule with what is decided on it. */
export class KeptSchedule {
  readonly record: ScheduleRecord;
  readonly schedule: Schedule;
  readonly #timetable: Timetable;
  /** In the order of their instants. */
  #firings: Firing[];
  #nextMs: number | undefined;

  constructor(record: ScheduleRecord, firings: readonly Firing[]) {
    this.record = record;
    this.schedule = readSchedule(record.file.text, record.file.name);
    this.#timetable = timetableOf(this.schedule);
    this.#firings = firings.toSorted((one, other) => one.instantMs - other.instantMs);
  }

  get firings(): readonly Firing[] {
    return this.#firings;
  }

  get isPaused(): boolean {
    return this.record.pausedBecause !== undefined;
  }

  /** The instants to come; while it is paused, those that would. */
  next(nowMs: number, count: number): number[] {
    return instantsAfter(this.#timetable, Math.max(nowMs, this.record.throughMs), count);
  }

  due(nowMs: number): ReturnType<typeof decide> {
    const { throughMs } = this.record;
    this.#nextMs ??= instantsAfter(this.#timetable, throughMs, 1)[0] ?? Number.POSITIVE_INFINITY;
    if (this.isPaused || nowMs < this.#nextMs) return undefined;
    return decide(this.#timetable, throughMs, nowMs, this.schedule.missed);
  }

  passed(throughMs: number): void {
    this.record.throughMs = throughMs;
    this.#nextMs = undefined;
  }

  /** Answers those that are too old to be kept. */
  remember(firing: Firing): readonly Firing[] {
    const others = this.#firings.filter(({ instantMs }) => instantMs !== firing.instantMs);
    const all = [...others, firing].sort((one, other) => one.instantMs - other.instantMs);
    this.#firings = all.slice(-firingsKept);
    return all.slice(0, -firingsKept);
  }
}
