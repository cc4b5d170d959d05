import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../../command/run.ts';
import { makeBootable } from '../../lab/image/bootable.ts';
import { kernelNames } from '../../lab/kernel/kernel-name.ts';
import { eachOf } from './each-of.ts';
import { hasPassed, type FileResult } from './file-result.ts';
import { kernelTestFiles, runKernelTests } from './kernel-tests.ts';
import { KeptResults } from './kept-results.ts';

/*
 * npm run test:kernels [-- <kernel>... <file>...]: the files of test/kernel on each kernel, as many machines at a time as there are processors.
 * What came of each is kept in docs/results.
 */

const checkout = fileURLToPath(new URL('../../', import.meta.url));
const allFiles = await kernelTestFiles(checkout);
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => ![...kernelNames, ...allFiles].includes(name));
if (unknown.length > 0) {
  const there = `kernels are ${kernelNames.join(', ')}; files are ${allFiles.join(', ')}`;
  throw new Error(`neither a kernel nor a file of test/kernel: ${unknown.join(', ')}; ${there}`);
}
const ifNone = <Name>(some: Name[], all: readonly Name[]): readonly Name[] => (some.length > 0 ? some : all);
const kernels = ifNone(
  kernelNames.filter((name) => asked.includes(name)),
  kernelNames,
);
const files = ifNone(
  allFiles.filter((name) => asked.includes(name)),
  allFiles,
);

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const commit = (await run('git', ['describe', '--always', '--abbrev=12', '--dirty'])).trim();
const kept = new KeptResults(join(checkout, 'docs/results/kernels.json'), allFiles);

async function testKernel(kernel: (typeof kernelNames)[number]): Promise<FileResult[]> {
  const { release } = await makeBootable(kernel, { progress: (line) => say(`# ${line}`) });
  const results: FileResult[] = [];
  await eachOf(files, availableParallelism(), async (file) => {
    const on = new Date().toISOString().slice(0, 10);
    const { told, output, seconds } = await runKernelTests(checkout, kernel, file);
    const passed = told.filter((test) => test.passed).length;
    const result = { tests: told.length, passed, on, commit, seconds };
    say(`\n# ${file} on ${kernel}: ${passed} of ${told.length} in ${seconds} s\n${output}`);
    results.push(result);
    await kept.keep(kernel, release, file, result);
  });
  const passed = results.filter(hasPassed).length;
  say(`# kernel ${kernel} (${release}): ${passed} of ${results.length} files passed`);
  return results;
}

for (const kernel of kernels) {
  const results = await testKernel(kernel);
  if (!results.every(hasPassed)) process.exitCode = 1;
}
