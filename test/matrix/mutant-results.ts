import { z } from 'zod';
import { fileResultSchema } from './file-result.ts';

const mutantResultSchema = fileResultSchema.omit({ passed: true }).extend({
  /** The tests that passed all the same. */
  survivors: z.array(z.string()),
});

export const mutantResultsSchema = z.record(z.string(), mutantResultSchema);

/** What each file came to on modules without an effect. */
export type MutantResults = z.infer<typeof mutantResultsSchema>;

/** docs/results/mutant.md: of each file the last run, and who survived it. */
export function mutantDocument(results: MutantResults, files: readonly string[]): string {
  const told = files.flatMap((file) => results[file] ?? []);
  const tests = told.reduce((sum, { tests }) => sum + tests, 0);
  const survivors = told.reduce((sum, { survivors }) => sum + survivors.length, 0);
  return [
    '# The kernel tests on modules without an effect',
    '',
    'Written by `npm run test:mutant`, on Linux 6.1. `npm run test:mutant -- smoke` runs one file and leaves the other results as they were.',
    'A test that passes all the same says nothing about effects, as those that are about refusals do not.',
    `Of ${tests} tests ${tests - survivors} failed, as they should; ${survivors} passed all the same.`,
    '',
    '| file | failed |',
    '| --- | --- |',
    ...files.map((file) => `| ${file} | ${verdict(results[file])} |`),
    '',
    ...files.flatMap((file) => (results[file]?.survivors ?? []).map((name) => `- ${file}: ${name}`)),
    '',
  ].join('\n');
}

function verdict(result: MutantResults[string] | undefined): string {
  if (result === undefined) return 'not run';
  const { tests, survivors, on, commit, seconds } = result;
  return `${tests - survivors.length} of ${tests} (${on}, ${commit}, ${seconds} s)`;
}
