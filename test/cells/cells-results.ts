import { z } from 'zod';
import { kernelNames } from '../../lab/kernel/kernel-name.ts';
import { cellResultSchema, placeboResultSchema } from './cell-result.ts';

const ofKernelSchema = z.object({
  proofs: z.record(z.string(), cellResultSchema),
  placebos: z.record(z.string(), placeboResultSchema),
});

export const cellsResultsSchema = z.partialRecord(z.enum(kernelNames), ofKernelSchema);

/** Of each kernel, by the name of the proof, what it came to last, and what the placebo in its place did. */
export type CellsResults = z.infer<typeof cellsResultsSchema>;
export type ResultsOfKernel = z.infer<typeof ofKernelSchema>;

export const noResults: ResultsOfKernel = { proofs: {}, placebos: {} };

/** Without what is no proof any more. */
export function ofProofs(results: ResultsOfKernel, names: readonly string[]): ResultsOfKernel {
  const known = <Result>(all: Record<string, Result>): Record<string, Result> =>
    Object.fromEntries(names.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])));
  return { proofs: known(results.proofs), placebos: known(results.placebos) };
}
