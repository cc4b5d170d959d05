import { z } from 'zod';
import type { Told } from './kernel-tests.ts';

const counts = z.object({ tests: z.number(), passed: z.number() });

export const kernelResultSchema = z.object({
  release: z.string(),
  /** The day on which it ran. */
  on: z.string(),
  commit: z.string(),
  minutes: z.number(),
  files: z.record(z.string(), counts),
});

/** What the tests of test/kernel came to on one kernel. */
export type KernelResult = z.infer<typeof kernelResultSchema>;
export type TestCounts = z.infer<typeof counts>;

/** A file of which nothing was told could not run, and has not passed. */
export function countsByFile(told: readonly Told[], files: readonly string[]): Record<string, TestCounts> {
  return Object.fromEntries(
    files.map((file) => {
      const own = told.filter((test) => test.file === file);
      return [file, { tests: own.length, passed: own.filter(({ passed }) => passed).length }];
    }),
  );
}

export function total(files: Readonly<Record<string, TestCounts>>): TestCounts {
  const all = Object.values(files);
  const sum = (of: (counts: TestCounts) => number): number => all.reduce((so, one) => so + of(one), 0);
  return { tests: sum(({ tests }) => tests), passed: sum(({ passed }) => passed) };
}

export function hasPassed({ files }: KernelResult): boolean {
  return Object.values(files).every(({ tests, passed }) => tests > 0 && passed === tests);
}
