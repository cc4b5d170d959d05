import { z } from 'zod';
import { kernelNames, type KernelName } from '../../lab/kernel/kernel-name.ts';
import { fileResultSchema, type FileResult } from './file-result.ts';

export const kernelsResultsSchema = z.partialRecord(
  z.enum(kernelNames),
  z.object({ release: z.string(), files: z.record(z.string(), fileResultSchema) }),
);

/** Of each kernel, what each file came to. */
export type KernelsResults = z.infer<typeof kernelsResultsSchema>;

export interface KernelRun {
  readonly kernel: KernelName;
  readonly release: string;
  readonly file: string;
  readonly result: FileResult;
}

/** With one file's result on one kernel; of files that are not there any more, nothing is kept. */
export function withRun(
  results: KernelsResults,
  run: KernelRun,
  thereAre: readonly string[],
): KernelsResults {
  const all = { ...results[run.kernel]?.files, [run.file]: run.result };
  const known = Object.entries(all).filter(([file]) => thereAre.includes(file));
  return { ...results, [run.kernel]: { release: run.release, files: Object.fromEntries(known.sort()) } };
}
