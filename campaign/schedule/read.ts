import { examine, refusalOf } from '../examine.ts';
import { issuesOf } from '../issue.ts';
import { type Schedule, timetableOf } from './schedule.ts';
import { scheduleSchema } from './schema.ts';
import { instantsAfter } from './timetable.ts';

/** No schedule is older. */
const beginningMs = Date.UTC(2026, 0, 1);

/** The schedule of a file; throws INVALID_INPUT with every problem as `file:line:column path: what is wrong`. */
export function readSchedule(content: string | Uint8Array, fileName: string): Schedule {
  const examined = examine(content, 'schedule file', (value) => {
    const parsed = scheduleSchema.safeParse(value);
    if (!parsed.success) return { issues: issuesOf(parsed.error.issues, value, [], scheduleSchema) };
    const { name, description, campaign, cron, timezone = 'UTC', random, missed } = parsed.data;
    const when = random ?? { kind: 'cron' as const, expression: cron ?? '', timezone };
    const common = { name, campaign, missed, ...(description === undefined ? {} : { description }) };
    const schedule: Schedule = { ...common, when };
    if (instantsAfter(timetableOf(schedule), beginningMs, 1).length > 0) return { value: schedule };
    return { issues: [{ path: [when.kind], message: 'never comes: no day in 40 years is as it says' }] };
  });
  if ('value' in examined) return examined.value;
  throw refusalOf(examined.problems, fileName);
}
