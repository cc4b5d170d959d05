import { z } from 'zod';
import { isCellId } from '../../injectors/cell.ts';
import { victimKinds } from './rows.ts';

const seenSchema = z.object({ before: z.string(), during: z.string(), after: z.string() });

export const cellResultSchema = z.object({
  cell: z.string().refine(isCellId),
  on: z.enum(victimKinds),
  mechanism: z.string(),
  target: z.string(),
  asked: z.string(),
  achieved: z.string(),
  victim: seenSchema,
  neighbour: seenSchema,
  left: z.array(z.string()),
  /** Who ended it where its agent was killed amid it. */
  withoutAgent: z.string(),
  /** Why it does not hold; empty where all of it does. */
  wrong: z.array(z.string()),
  day: z.string(),
  commit: z.string(),
  release: z.string(),
});

/** What came of one proof, by those who saw it. */
export type CellResult = z.infer<typeof cellResultSchema>;

export const placeboResultSchema = cellResultSchema
  .pick({ cell: true, on: true, mechanism: true, day: true, commit: true, release: true })
  .extend({
    /** What the victim saw amid it. */
    seen: z.string(),
    /** That the victim saw nothing, and so the proof has failed for want of a fault. */
    fails: z.boolean(),
  });

/** What came of a proof in which a placebo stood for the fault. */
export type PlaceboResult = z.infer<typeof placeboResultSchema>;
