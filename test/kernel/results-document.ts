import type { KernelName } from '../../lab/kernel/kernel-name.ts';
import type { TestCounts } from './tap-counts.ts';

export interface KernelResult extends TestCounts {
  readonly kernel: KernelName;
  readonly release: string;
  readonly seconds: number;
}

/** docs/results/kernels.md: the last run of all kernels. */
export function resultsDocument(
  results: readonly KernelResult[],
  { date, commit }: { readonly date: Date; readonly commit: string },
): string {
  const rows = results.map(
    ({ kernel, release, tests, passed, seconds }) =>
      `| ${kernel} | ${release} | ${tests} | ${passed} | ${tests - passed} | ${Math.round(seconds / 60)} min |`,
  );
  return [
    '# The kernel tests, by kernel',
    '',
    'Written by `npm run test:kernels`: every test of [test/kernel](../../test/kernel), in machines of the lab that boot the kernel, built',
    'from its own headers.',
    '',
    `Run on ${date.toISOString().slice(0, 10)}, of commit ${commit}.`,
    '',
    '| kernel | release | tests | passed | not passed | took |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
