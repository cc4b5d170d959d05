import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { KernelName } from '../../lab/kernel/kernel-name.ts';

const toldSchema = z.object({
  name: z.string(),
  passed: z.boolean(),
  /** Not so where what it needs was not there: then it says nothing of what it claims. */
  tried: z.boolean(),
});

/** One test that has ended. */
export type Told = z.infer<typeof toldSchema>;

export interface FileRun {
  readonly told: readonly Told[];
  /** Not so where it was ended amid its tests: what was told says nothing of the others. */
  readonly cameToItsEnd: boolean;
  /** What the tests said, for people. */
  readonly output: string;
  readonly seconds: number;
}

/** The test files of test/kernel, by their names without ending. */
export async function kernelTestFiles(checkout: string): Promise<string[]> {
  const names = await readdir(join(checkout, 'test/kernel'));
  return names
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => name.replace('.test.ts', ''))
    .sort();
}

/** Runs one test file of a checkout on a kernel. */
export async function runKernelTests(checkout: string, kernel: KernelName, file: string): Promise<FileRun> {
  const directory = await mkdtemp(join(tmpdir(), 'ordeal-kernels-'));
  const report = join(directory, 'told');
  const here = (name: string): string => new URL(name, import.meta.url).href;
  const argv = [
    ...['--import', 'tsx', '--import', here('../worded-assertions.js'), '--test'],
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...[`--test-reporter=${here('telling-reporter.js')}`, `--test-reporter-destination=${report}`],
    `test/kernel/${file}.test.ts`,
  ];
  const beganAt = performance.now();
  const env = { ...process.env, ORDEAL_TEST_KERNEL: kernel };
  const tests = spawn(process.execPath, argv, { cwd: checkout, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [output] = await Promise.all([text(tests.stdout), once(tests, 'close')]);
  const lines = (await readFile(report, 'utf8')).split('\n').filter((line) => line !== '');
  await rm(directory, { recursive: true });
  const told = lines.map((line) => toldSchema.parse(JSON.parse(line)));
  const cameToItsEnd = tests.exitCode === (told.every(({ passed }) => passed) ? 0 : 1);
  return { told, cameToItsEnd, output, seconds: Math.round((performance.now() - beganAt) / 1000) };
}
