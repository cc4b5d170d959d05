import { kernelNames, type KernelName } from '../../lab/kernel/kernel-name.ts';
import { total, type KernelResult, type TestCounts } from './kernel-result.ts';

export type KernelResults = Readonly<Partial<Record<KernelName, KernelResult>>>;

/** docs/results/kernels.md: of each kernel the last run. */
export function resultsDocument(results: KernelResults): string {
  const ran = kernelNames.flatMap((kernel) => {
    const result = results[kernel];
    return result === undefined ? [] : [{ kernel, ...result }];
  });
  const files = [...new Set(ran.flatMap((result) => Object.keys(result.files)))].sort();
  return [
    '# The kernel tests, by kernel',
    '',
    'Written by `npm run test:kernels`, which runs every test of [test/kernel](../../test/kernel) in machines of the lab that boot the kernel,',
    'with modules built from its own headers. `npm run test:kernels -- 6.1` runs those of one kernel and leaves the other columns as they were.',
    '',
    row(['', ...ran.map(({ kernel }) => kernel)]),
    row(['---', ...ran.map(() => '---')]),
    row(['release', ...ran.map(({ release }) => release)]),
    row(['run on', ...ran.map(({ on }) => on)]),
    row(['commit', ...ran.map(({ commit }) => commit)]),
    row(['took', ...ran.map(({ minutes }) => `${minutes} min`)]),
    ...files.map((file) => row([file, ...ran.map((result) => verdict(result.files[file]))])),
    row(['**all**', ...ran.map((result) => `**${verdict(total(result.files))}**`)]),
    '',
  ].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function verdict(counts: TestCounts | undefined): string {
  return counts === undefined ? 'not run' : `${counts.passed} of ${counts.tests}`;
}
