import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { run } from '../../command/run.ts';
import { makeBootable } from '../../lab/image/bootable.ts';
import { kernelNames, type KernelName } from '../../lab/kernel/kernel-name.ts';
import { countsByFile, hasPassed, kernelResultSchema, total, type KernelResult } from './kernel-result.ts';
import { resultsDocument, type KernelResults } from './results-document.ts';

/*
 * npm run test:kernels [-- <kernel>...]: all tests of test/kernel on each kernel, as many machines at a time as there are processors. What
 * came of it is kept in docs/results, and what other kernels came to stays there.
 */

const folder = fileURLToPath(new URL('../kernel/', import.meta.url));
const reporter = new URL('counting-reporter.ts', import.meta.url).href;
const kept = fileURLToPath(new URL('../../docs/results/kernels.json', import.meta.url));

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function testKernel(kernel: KernelName, files: readonly string[]): Promise<KernelResult> {
  const { release } = await makeBootable(kernel, { progress: (line) => say(`# ${line}`) });
  const beganAt = Date.now();
  const on = new Date(beganAt).toISOString().slice(0, 10);
  const commit = (await run('git', ['describe', '--always', '--abbrev=12', '--dirty'])).trim();
  const directory = await mkdtemp(join(tmpdir(), 'ordeal-kernels-'));
  const report = join(directory, 'tests');
  const reporters = [
    ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
    ...[`--test-reporter=${reporter}`, `--test-reporter-destination=${report}`],
  ];
  const concurrency = `--test-concurrency=${availableParallelism()}`;
  const paths = files.map((file) => join(folder, `${file}.test.ts`));
  const argv = ['--import', 'tsx', '--test', concurrency, ...reporters, ...paths];
  const env = { ...process.env, ORDEAL_TEST_KERNEL: kernel };
  await once(spawn(process.execPath, argv, { env, stdio: 'inherit' }), 'exit');
  const counted = countsByFile(await readFile(report, 'utf8'), files);
  await rm(directory, { recursive: true });
  const minutes = Math.round((Date.now() - beganAt) / 60_000);
  return { release, on, commit, minutes, files: counted };
}

async function keptResults(): Promise<KernelResults> {
  const text = await readFile(kept, 'utf8').catch(() => '{}');
  return z.partialRecord(z.enum(kernelNames), kernelResultSchema).parse(JSON.parse(text));
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !kernelNames.some((kernel) => kernel === name));
if (unknown.length > 0)
  throw new Error(`no kernels: ${unknown.join(', ')}; there are ${kernelNames.join(', ')}`);
const files = (await readdir(folder))
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => name.replace('.test.ts', ''))
  .sort();
const results: Partial<Record<KernelName, KernelResult>> = {};
for (const kernel of kernelNames.filter((name) => asked.length === 0 || asked.includes(name))) {
  say(`\n# kernel ${kernel}`);
  results[kernel] = await testKernel(kernel, files);
  const all = { ...(await keptResults()), ...results };
  await mkdir(join(kept, '..'), { recursive: true });
  await writeFile(kept, `${JSON.stringify(all, undefined, 2)}\n`);
  await writeFile(kept.replace(/json$/, 'md'), resultsDocument(all));
}
for (const [kernel, result] of Object.entries(results)) {
  const { tests, passed } = total(result.files);
  say(`# kernel ${kernel} (${result.release}): ${passed} of ${tests} tests passed`);
  if (!hasPassed(result)) process.exitCode = 1;
}
