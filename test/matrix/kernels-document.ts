import { kernelNames } from '../../lab/kernel/kernel-name.ts';
import type { FileResult } from './file-result.ts';
import type { KernelsResults } from './kernels-results.ts';

/** docs/results/kernels.md: of each file on each kernel the last run. */
export function kernelsDocument(results: KernelsResults, files: readonly string[]): string {
  const columns = kernelNames.map((kernel) => results[kernel]);
  const totals = columns.map((column) => total(Object.values(column?.files ?? {})));
  return [
    '# The kernel tests, by kernel',
    '',
    'Written by `npm run test:kernels`, which runs every file of [test/kernel](../../test/kernel) in machines of the lab that boot the kernel,',
    'with modules built from its own headers. `npm run test:kernels -- 6.1 smoke` runs one file on one kernel and leaves the other results as they',
    'were; so each has its day and its commit.',
    '',
    row(['', ...kernelNames]),
    row(['---', ...kernelNames.map(() => '---')]),
    row(['release', ...columns.map((column) => column?.release ?? '')]),
    ...files.map((file) => row([file, ...columns.map((column) => verdict(column?.files[file]))])),
    row(['**all**', ...totals.map((text) => `**${text}**`)]),
    '',
  ].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function verdict(result: FileResult | undefined): string {
  if (result === undefined) return 'not run';
  const { tests, passed, on, commit, seconds } = result;
  return `${passed} of ${tests} (${on}, ${commit}, ${seconds} s)`;
}

function total(results: readonly FileResult[]): string {
  const sum = (of: (result: FileResult) => number): number =>
    results.reduce((so, result) => so + of(result), 0);
  return `${sum(({ passed }) => passed)} of ${sum(({ tests }) => tests)}`;
}
