import { z } from 'zod';
import { kernelNames, type KernelName } from '../../lab/kernel/kernel-name.ts';
import { fileResultSchema } from './file-result.ts';

/** With the release of the kernel that it ran on: of one name there are newer ones as time goes by. */
const kernelFileResultSchema = fileResultSchema.extend({ release: z.string() });

export type KernelFileResult = z.infer<typeof kernelFileResultSchema>;

export const kernelsResultsSchema = z.partialRecord(
  z.enum(kernelNames),
  z.record(z.string(), kernelFileResultSchema),
);

/** Of each kernel, what each file came to. */
export type KernelsResults = z.infer<typeof kernelsResultsSchema>;

export interface KernelRun {
  readonly kernel: KernelName;
  readonly file: string;
  readonly result: KernelFileResult;
}

/** With one file's result on one kernel; of files that are not there any more, nothing is kept. */
export function withRun(
  results: KernelsResults,
  { kernel, file, result }: KernelRun,
  thereAre: readonly string[],
): KernelsResults {
  const all = { ...results[kernel], [file]: result };
  const known = Object.entries(all).filter(([file]) => thereAre.includes(file));
  return { ...results, [kernel]: Object.fromEntries(known.sort()) };
}
