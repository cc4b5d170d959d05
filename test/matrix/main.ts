import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeBootable } from '../../lab/image/bootable.ts';
import { kernelNames } from '../../lab/kernel/kernel-name.ts';
import { askedFor } from './asked-for.ts';
import { eachOf } from './each-of.ts';
import { hasPassed, type FileResult } from './file-result.ts';
import { kernelTestFiles, runKernelTests } from './kernel-tests.ts';
import { kernelsDocument } from './kernels-document.ts';
import { kernelsResultsSchema, withRun } from './kernels-results.ts';
import { KeptResults } from './kept-results.ts';
import { testedCommit } from './tested-commit.ts';

/*
 * npm run test:kernels [-- <kernel>... <file>...]: the files of test/kernel on each kernel, as many machines at a time as there are processors.
 * What came of each is kept in docs/results.
 */

const checkout = fileURLToPath(new URL('../../', import.meta.url));
const allFiles = await kernelTestFiles(checkout);
const { kernels, files } = askedFor({ kernels: kernelNames, files: allFiles });

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const commit = await testedCommit(checkout);
const kept = new KeptResults(join(checkout, 'docs/results/kernels.json'), kernelsResultsSchema, (results) =>
  kernelsDocument(results, allFiles),
);

async function testKernel(kernel: (typeof kernelNames)[number]): Promise<FileResult[]> {
  const { release } = await makeBootable(kernel, { progress: (line) => say(`# ${line}`) });
  const results: FileResult[] = [];
  await eachOf(files, availableParallelism(), async (file) => {
    const on = new Date().toISOString().slice(0, 10);
    const { told, cameToItsEnd, output, seconds } = await runKernelTests(checkout, kernel, file);
    if (!cameToItsEnd) {
      say(`\n# ${file} on ${kernel} was ended amid its tests, which is no result:\n${output}`);
      process.exitCode = 1;
      return;
    }
    const passed = told.filter((test) => test.passed).length;
    const result = { tests: told.length, passed, on, commit, seconds, release };
    say(`\n# ${file} on ${kernel}: ${passed} of ${told.length} in ${seconds} s\n${output}`);
    results.push(result);
    await kept.change((before) => withRun(before, { kernel, file, result }, allFiles));
  });
  const passed = results.filter(hasPassed).length;
  say(`# kernel ${kernel} (${release}): ${passed} of ${files.length} files passed`);
  return results;
}

for (const kernel of kernels) {
  const results = await testKernel(kernel);
  if (!results.every(hasPassed)) process.exitCode = 1;
}
