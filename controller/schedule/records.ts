import { z } from 'zod';
import { nameSchema } from '../../events/name.ts';

const fileSchema = z.strictObject({ name: z.string(), text: z.string() });

/** A schedule as it is kept: a key each. Its campaign is kept with it, as the file was when the schedule was added. */
export const scheduleRecordSchema = z.strictObject({
  name: nameSchema,
  file: fileSchema,
  /** With what was accepted when it was added. */
  campaign: fileSchema.extend({ allowSubstitute: z.boolean().default(false) }),
  /** Every instant up to here has been decided on, or was none of the schedule's: wall clock, milliseconds. */
  throughMs: z.int(),
  pausedBecause: z.string().optional(),
});
export type ScheduleRecord = z.infer<typeof scheduleRecordSchema>;

/** What was decided on an instant of a schedule: a key each, created once and never again, before anything is begun. */
export const firingSchema = z.strictObject({
  schedule: nameSchema,
  instantMs: z.int(),
  decidedMs: z.int(),
  /**
   * decided: the campaign is to be started, and may have been. started: it has been. skipped: it could not be, and `reason` says why.
   * missed: nobody was there at the instant.
   */
  outcome: z.enum(['decided', 'started', 'skipped', 'missed']),
  campaign: z.string().optional(),
  reason: z.string().optional(),
  /** So many earlier instants had passed as well, for which nothing is done. */
  passed: z.int().nonnegative(),
});
export type Firing = z.infer<typeof firingSchema>;
