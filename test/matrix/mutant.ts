import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../../command/run.ts';
import { askedFor } from './asked-for.ts';
import { eachOf } from './each-of.ts';
import { kernelTestFiles, runKernelTests } from './kernel-tests.ts';
import { KeptResults } from './kept-results.ts';
import { mutantDocument, mutantResultsSchema } from './mutant-results.ts';
import { testedCommit } from './tested-commit.ts';

/*
 * npm run test:mutant [-- <file>...]: the tests of test/kernel on modules whose hooks have nothing in them any more, so that no fault has an effect. A test
 * that passes all the same says nothing about effects; docs/results/mutant.md names it.
 */

const checkout = fileURLToPath(new URL('../../', import.meta.url));

/** The functions behind which everything is that a fault does, and what they answer instead. */
const emptied = [
  {
    file: 'net/passage.c',
    head: 'bool net_port_touches(struct net_port *port, enum net_way way)',
    answer: 'return false;',
  },
  {
    file: 'storage/command.c',
    head: 'static bool swallows(struct ordeal_storage *storage, struct scsi_cmnd *cmd)',
    answer: 'return false;',
  },
  {
    file: 'storage/read.c',
    head: 'void storage_read_done(struct request *rq, unsigned int bytes)',
    answer: 'return;',
  },
  {
    file: 'cpu/hog.c',
    head: 'static void burn_until(struct ordeal_fault *fault, u64 ns)',
    answer: 'return;',
  },
  {
    file: 'cpu/off.c',
    head: 'static void take(struct cpu_fault *cpu, unsigned int number)',
    answer: 'return;',
  },
  {
    file: 'tasks/trigger.c',
    head: 'void ordeal_trigger_meets(struct ordeal_tasks *tasks, struct pt_regs *regs)',
    answer: 'return;',
  },
  {
    file: 'memory/hog.c',
    head: 'static bool take_pages(struct memory_fault *memory, u64 count)',
    answer: 'return false;',
  },
  {
    file: 'memory/enomem.c',
    head: 'static bool is_refused(struct memory_fault *memory)',
    answer: 'return false;',
  },
  {
    file: 'cpu/panic.c',
    head: 'void cpu_panic_opened(struct cpu_fault *cpu)',
    answer: 'return;',
  },
];

async function empty(mutant: string): Promise<void> {
  for (const { file, head, answer } of emptied) {
    const path = join(mutant, 'injectors/kmod', file);
    const whole = await readFile(path, 'utf8');
    const body = `${head}\n{\n`;
    if (!whole.includes(body))
      throw new Error(`${file} has no function "${head}": say in test/matrix/mutant.ts where it is now`);
    await writeFile(path, whole.replace(body, `${body}\t${answer}\n`));
  }
}

const allFiles = await kernelTestFiles(checkout);
const { files } = askedFor({ files: allFiles });
const commit = await testedCommit(checkout);
const kept = new KeptResults(join(checkout, 'docs/results/mutant.json'), mutantResultsSchema, (results) =>
  mutantDocument(results, allFiles),
);
const directory = await mkdtemp(join(tmpdir(), 'ordeal-mutant-'));
const mutant = join(directory, 'checkout');
try {
  await run('git', ['-C', checkout, 'worktree', 'add', '--quiet', '--detach', mutant]);
  for (const name of ['node_modules', 'dist']) await symlink(join(checkout, name), join(mutant, name));
  await symlink(join(checkout, 'proto/generated'), join(mutant, 'proto/generated'));
  await empty(mutant);
  await eachOf(files, availableParallelism(), async (file) => {
    const on = new Date().toISOString().slice(0, 10);
    const { told, output, seconds } = await runKernelTests(mutant, '6.1', file);
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
