import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { run } from '../../command/run.ts';
import { makeBootable } from '../../lab/image/bootable.ts';
import { kernelNames, type KernelName } from '../../lab/kernel/kernel-name.ts';
import { countsByFile, hasPassed, kernelResultSchema, total, type KernelResult } from './kernel-result.ts';
import { kernelTestFiles, runKernelTests } from './kernel-tests.ts';
import { resultsDocument, type KernelResults } from './results-document.ts';

/*
 * npm run test:kernels [-- <kernel>...]: all tests of test/kernel on each kernel. What came of it is kept in docs/results, and what other
 * kernels came to stays there.
 */

const checkout = fileURLToPath(new URL('../../', import.meta.url));
const kept = join(checkout, 'docs/results/kernels.json');

const say = (line: string): void => void process.stdout.write(`${line}\n`);

async function testKernel(kernel: KernelName): Promise<KernelResult> {
  const { release } = await makeBootable(kernel, { progress: (line) => say(`# ${line}`) });
  const beganAt = Date.now();
  const on = new Date(beganAt).toISOString().slice(0, 10);
  const commit = (await run('git', ['describe', '--always', '--abbrev=12', '--dirty'])).trim();
  const files = await kernelTestFiles(checkout);
  const counted = countsByFile(await runKernelTests(checkout, kernel, files), files);
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
const results: Partial<Record<KernelName, KernelResult>> = {};
for (const kernel of kernelNames.filter((name) => asked.length === 0 || asked.includes(name))) {
  say(`\n# kernel ${kernel}`);
  results[kernel] = await testKernel(kernel);
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
