import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../../command/run.ts';
import { makeBootable } from '../../lab/image/bootable.ts';
import { kernelNames, type KernelName } from '../../lab/kernel/kernel-name.ts';
import { resultsDocument, type KernelResult } from './results-document.ts';
import { tapCounts } from './tap-counts.ts';

/*
 * npm run test:kernels [-- <kernel>...]: all tests of this folder on each kernel, one machine after the other. A run of all kernels writes
 * docs/results/kernels.md.
 */

const folder = fileURLToPath(new URL('.', import.meta.url));
const document = fileURLToPath(new URL('../../docs/results/kernels.md', import.meta.url));

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function testKernel(kernel: KernelName, files: readonly string[]): Promise<KernelResult> {
  const { release } = await makeBootable(kernel, { progress: (line) => say(`# ${line}`) });
  const beganAt = Date.now();
  const report = join(await mkdtemp(join(tmpdir(), 'ordeal-kernels-')), 'report.tap');
  const reporters = [
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...['--test-reporter=tap', `--test-reporter-destination=${report}`],
  ];
  const argv = ['--import', 'tsx', '--test', '--test-concurrency=1', ...reporters, ...files];
  const env = { ...process.env, ORDEAL_TEST_KERNEL: kernel };
  await once(spawn(process.execPath, argv, { env, stdio: 'inherit' }), 'exit');
  const counts = tapCounts(await readFile(report, 'utf8'));
  await rm(join(report, '..'), { recursive: true });
  return { kernel, release, ...counts, seconds: (Date.now() - beganAt) / 1000 };
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !kernelNames.some((kernel) => kernel === name));
if (unknown.length > 0)
  throw new Error(`no kernels: ${unknown.join(', ')}; there are ${kernelNames.join(', ')}`);
const kernels = kernelNames.filter((kernel) => asked.length === 0 || asked.includes(kernel));
const files = (await readdir(folder))
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => join(folder, name));
const results: KernelResult[] = [];
for (const kernel of kernels) {
  say(`\n# kernel ${kernel}`);
  results.push(await testKernel(kernel, files.sort()));
}
for (const { kernel, release, tests, passed } of results)
  say(`# kernel ${kernel} (${release}): ${passed} of ${tests} tests passed`);
if (kernels.length === kernelNames.length) {
  const commit = (await run('git', ['describe', '--always', '--abbrev=12', '--dirty'])).trim();
  await writeFile(document, resultsDocument(results, { date: new Date(), commit }));
  say(`# written: ${document}`);
}
// A test that could not run has not passed either.
if (results.some(({ tests, passed }) => tests === 0 || passed < tests)) process.exitCode = 1;
