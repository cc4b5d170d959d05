import { z } from 'zod';

export const fileResultSchema = z.object({
  tests: z.number(),
  passed: z.number(),
  /** The day on which it ran, and of which commit. */
  on: z.string(),
  commit: z.string(),
  seconds: z.number(),
});

/** What one file of test/kernel came to on one kernel. */
export type FileResult = z.infer<typeof fileResultSchema>;

/** A file that told of no test could not run, and has not passed. */
export function hasPassed({ tests, passed }: FileResult): boolean {
  return tests > 0 && passed === tests;
}
