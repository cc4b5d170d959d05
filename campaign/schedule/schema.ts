import { z } from 'zod';
import { duration, largestSeed, name, share, wholeNumber } from '../values.ts';
import { cronProblem } from './cron.ts';
import { Zone } from './zone.ts';

const minuteUs = 60_000_000;
/** Oftener than this no campaign could be over before the next. */
const shortestStretchUs = 10 * minuteUs;
/** Below it the next instant may be decades away: a slip of the unit. */
const leastProbability = 0.001;

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

const timezone = z
  .string({ error: 'must be the name of a time zone, such as Europe/Berlin or UTC' })
  .refine((text) => Zone.isKnown(text), 'must be the name of a time zone, such as Europe/Berlin or UTC')
  .prefault('UTC')
  .describe('the zone of these times; default: UTC');

const expression = z
  .string({ error: 'must be a cron expression, in quotes' })
  .superRefine((text, context) => {
    const problem = cronProblem(text);
    if (problem !== undefined)
      context.addIssue({ code: 'custom', message: `must be a cron expression (${problem})` });
  })
  .describe('minute hour day-of-month month day-of-week, with the second before them where there are six');

const timeForm = 'must be a time of day in quotes, such as "09:00"';
const timeOfDay = z
  .string({ error: timeForm })
  .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, timeForm)
  .transform((text) => {
    const [hours, minutes] = text.split(':').map(Number);
    return ((hours ?? 0) * 60 + (minutes ?? 0)) * 60_000;
  });

const dateForm = 'must be a date such as 2026-12-25';
const date = z.string({ error: dateForm }).refine((text) => isDate(text), dateForm);

const calendar = z
  .strictObject({
    days: z
      .array(z.enum(weekdays), { error: 'must be a list of days' })
      .min(1, 'must name a day')
      .max(7, 'must hold 7 days at most')
      .prefault(['mon', 'tue', 'wed', 'thu', 'fri'])
      .describe('the working days; default: mon to fri'),
    from: timeOfDay.describe('when the hours begin in which somebody is there to look'),
    to: timeOfDay.describe('when they end'),
    timezone,
    except: z
      .array(date, { error: 'must be a list of dates' })
      .max(1000, 'must hold 1000 dates at most')
      .prefault([])
      .describe('dates that are no working days'),
  })
  .superRefine(({ from, to }, context) => {
    if (from >= to) context.addIssue({ code: 'custom', path: ['to'], message: 'must be later than from' });
  })
  .transform(({ days, from, to, ...rest }) => ({
    ...rest,
    days: days.map((day) => weekdays.indexOf(day)),
    fromMs: from,
    toMs: to,
  }));

const random = z
  .strictObject({
    calendar: calendar.describe('on which days, and within which hours'),
    probability: share
      .refine((value) => value >= leastProbability, 'must be from 0.1% to 100%')
      .describe('that it happens on a day, or in a stretch of it, such as 20%'),
    every: z
      .union([z.literal('day'), duration], {
        error: 'must be day, or a duration of 10m at least, such as "1h"',
      })
      .refine(
        (value) => value === 'day' || value >= shortestStretchUs,
        'must be day, or a duration of 10m at least',
      )
      .prefault('day')
      .describe('how long the stretches are into which the hours are cut; default: day, all of them'),
    seed: wholeNumber(0, largestSeed).describe('the dice are thrown from it'),
  })
  .superRefine(({ calendar: { fromMs, toMs }, every }, context) => {
    if (every === 'day' || every / 1000 <= toMs - fromMs) return;
    context.addIssue({
      code: 'custom',
      path: ['every'],
      message: 'must not be longer than the hours of the calendar',
    });
  })
  .transform(({ every, ...rest }) => ({
    kind: 'random' as const,
    ...rest,
    ...(every === 'day' ? {} : { everyMs: every / 1000 }),
  }));

/** The file as people write it. */
export const scheduleSchema = z
  .strictObject({
    version: z
      .literal(1, { error: 'must be 1, the version of this format' })
      .describe('the version of this format: 1'),
    name: name.describe('what the schedule is called'),
    description: z.string({ error: 'must be a text' }).max(10_000).optional().describe('for people'),
    campaign: z
      .string({ error: 'must be the path of a campaign file' })
      .min(1, 'must be the path of a campaign file')
      .describe('the campaign file, by its path from this file; it is read when the schedule is added'),
    cron: expression.optional(),
    timezone: timezone.unwrap().optional().describe('the zone of the cron expression; default: UTC'),
    random: random.optional().describe('at a random instant, with a probability'),
    missed: z
      .enum(['skip', 'run-once'])
      .prefault('skip')
      .describe(
        'what is done about instants of cron that passed while no controller ran: nothing, or the last one once; default: skip',
      ),
  })
  .superRefine((file, context) => {
    if ((file.cron === undefined) === (file.random === undefined))
      context.addIssue({ code: 'custom', message: 'must hold exactly one of cron and random' });
    if (file.missed === 'run-once' && file.random !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['missed'],
        message: 'must be skip beside random: made up for later, an instant may lie outside of the hours',
      });
    if (file.timezone !== undefined && file.cron === undefined)
      context.addIssue({
        code: 'custom',
        path: ['timezone'],
        message: 'belongs to cron; a calendar has a timezone of its own',
      });
  });

function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const instant = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text);
}
