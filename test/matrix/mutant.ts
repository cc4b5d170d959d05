import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../../command/run.ts';
import { askedFor } from './asked-for.ts';
import { eachOf } from './each-of.ts';
import { emptyHooks } from './emptied-hooks.ts';
import { kernelTestFiles, runKernelTests } from './kernel-tests.ts';
import { KeptResults } from './kept-results.ts';
import { mutantDocument, mutantResultsSchema } from './mutant-results.ts';
import { testedCommit } from './tested-commit.ts';

/*
 * npm run test:mutant [-- <file>...]: the tests of test/kernel on modules whose hooks have nothing in them any more, so that no fault has an effect. A test
 * that passes all the same says nothing about effects; docs/results/mutant.md names it.
 */

const checkout = fileURLToPath(new URL('../../', import.meta.url));

const allFiles = await kernelTestFiles(checkout);
const { files } = askedFor({ files: allFiles });
const commit = await testedCommit(checkout);
const kept = new KeptResults(join(checkout, 'docs/results/mutant.json'), mutantResultsSchema, (results) =>
  mutantDocument(results, allFiles),
);
const state = join(checkout, '.ordeal');
await mkdir(state, { recursive: true });
const directory = await mkdtemp(join(state, 'mutant-'));
const mutant = join(directory, 'checkout');
try {
  await run('git', ['-C', checkout, 'worktree', 'add', '--quiet', '--detach', mutant]);
  // npm takes packages behind a symbolic link for strangers, and the archive of the agents is packed by it.
  for (const name of ['node_modules', 'dist'])
    await run('cp', ['--archive', '--link', join(checkout, name), join(mutant, name)]);
  await symlink(join(checkout, 'proto/generated'), join(mutant, 'proto/generated'));
  await emptyHooks(join(mutant, 'injectors/kmod'));
  await eachOf(files, availableParallelism(), async (file) => {
    const on = new Date().toISOString().slice(0, 10);
    const fileRun = await runKernelTests(mutant, '6.1', file);
    const { cameToItsEnd, output, seconds } = fileRun;
    // The file itself is told of, too, where what it cleans up is not there.
    const told = fileRun.told.filter(({ name }) => !name.endsWith('.test.ts'));
    if (!cameToItsEnd || told.length === 0 || told.some(({ tried }) => !tried)) {
      process.stdout.write(`\n# ${file} could not be tried:\n${output}`);
      process.exitCode = 1;
      return;
    }
    const survivors = told.filter(({ passed }) => passed).map(({ name }) => name);
    process.stdout.write(
      `\n# ${file}: ${told.length - survivors.length} of ${told.length} failed\n${output}`,
    );
    const result = { tests: told.length, survivors, on, commit, seconds };
    await kept.change((before) => ({ ...before, [file]: result }));
  });
} finally {
  await run('git', ['-C', checkout, 'worktree', 'remove', '--force', mutant]).catch(() => undefined);
  await rm(directory, { recursive: true, force: true });
}
