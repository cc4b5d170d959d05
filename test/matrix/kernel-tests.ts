import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { KernelName } from '../../lab/kernel/kernel-name.ts';

const toldSchema = z.object({ file: z.string(), name: z.string(), passed: z.boolean() });

/** One test that has ended. */
export type Told = z.infer<typeof toldSchema>;

/** The test files of test/kernel, by their names without ending. */
export async function kernelTestFiles(checkout: string): Promise<string[]> {
  const names = await readdir(join(checkout, 'test/kernel'));
  return names
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => name.replace('.test.ts', ''))
    .sort();
}

/** Runs test files of a checkout on a kernel, as many machines at a time as there are processors. */
export async function runKernelTests(
  checkout: string,
  kernel: KernelName,
  files: readonly string[],
): Promise<Told[]> {
  const directory = await mkdtemp(join(tmpdir(), 'ordeal-kernels-'));
  const report = join(directory, 'told');
  const reporter = new URL('telling-reporter.ts', import.meta.url).href;
  const argv = [
    ...['--import', 'tsx', '--test', `--test-concurrency=${availableParallelism()}`],
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...[`--test-reporter=${reporter}`, `--test-reporter-destination=${report}`],
    ...files.map((file) => `test/kernel/${file}.test.ts`),
  ];
  const env = { ...process.env, ORDEAL_TEST_KERNEL: kernel };
  await once(spawn(process.execPath, argv, { cwd: checkout, env, stdio: 'inherit' }), 'exit');
  const lines = (await readFile(report, 'utf8')).split('\n').filter((line) => line !== '');
  await rm(directory, { recursive: true });
  return lines.map((line) => toldSchema.parse(JSON.parse(line)));
}
