import { formatDuration } from '../../clock/duration.ts';
import { cronTimetable } from './cron.ts';
import { randomTimetable, stretchesADay } from './random.ts';
import type { Timetable } from './timetable.ts';

/** When a campaign is to be started, again and again. */
export interface Schedule {
  readonly name: string;
  readonly description?: string;
  /** The campaign's file, as the schedule's names it. */
  readonly campaign: string;
  readonly when: Cron | Random;
  /** What is done about instants that passed while no controller was there to see them. */
  readonly missed: 'skip' | 'run-once';
}

export interface Cron {
  readonly kind: 'cron';
  readonly expression: string;
  readonly timezone: string;
}

/** The dice are thrown once a day, or once in each stretch of `everyMs`; where they fall, at a random instant of it. */
export interface Random {
  readonly kind: 'random';
  readonly calendar: Calendar;
  readonly probability: number;
  readonly everyMs?: number;
  readonly seed: number;
}

export interface Calendar {
  /** 0 is Sunday. */
  readonly days: readonly number[];
  /** After midnight. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly timezone: string;
  /** Dates such as 2026-12-25. */
  readonly except: readonly string[];
}

export function timetableOf({ name, when }: Schedule): Timetable {
  return when.kind === 'cron' ? cronTimetable(when) : randomTimetable(name, when);
}

/** For people, such as `0 3 * * 1-5 (Europe/Berlin)`. */
export function timingOf({ when }: Schedule): string {
  if (when.kind === 'cron') return `${when.expression} (${when.timezone})`;
  const { calendar, probability, everyMs } = when;
  const often = everyMs === undefined ? 'once a day' : `every ${formatDuration(everyMs * 1000)}`;
  const perDay = probability * stretchesADay(when);
  const mean = perDay >= 1 ? `${round(perDay)} a working day` : `one in ${round(1 / perDay)} working days`;
  return `${round(probability * 100)}% ${often}, ${clockOf(calendar.fromMs)}-${clockOf(calendar.toMs)} (${calendar.timezone}): ${mean} in the mean`;
}

function clockOf(afterMidnightMs: number): string {
  return new Date(afterMidnightMs).toISOString().slice(11, 16);
}

function round(value: number): string {
  return String(Number(value.toPrecision(3)));
}
