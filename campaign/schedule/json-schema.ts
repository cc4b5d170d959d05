import { z } from 'zod';
import { scheduleSchema } from './schema.ts';

/** What editors complete and check a schedule file by. */
export function scheduleJsonSchema(): Readonly<Record<string, unknown>> {
  return { title: 'An Ordeal schedule', ...z.toJSONSchema(scheduleSchema, { io: 'input' }) };
}
