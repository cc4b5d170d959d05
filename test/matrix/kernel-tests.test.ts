import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { runKernelTests, type FileRun } from './kernel-tests.ts';

// A runner that is started by a test takes itself for a part of it, and tells nobody else.
delete process.env['NODE_TEST_CONTEXT'];

/** Of a checkout that has just one file of tests. */
async function runOf(context: TestContext, lines: readonly string[]): Promise<FileRun> {
  const checkout = await mkdtemp(join(tmpdir(), 'ordeal-matrix-'));
  context.after(async () => await rm(checkout, { recursive: true }));
  await symlink(join(import.meta.dirname, '../../node_modules'), join(checkout, 'node_modules'));
  await mkdir(join(checkout, 'test/kernel'), { recursive: true });
  await writeFile(join(checkout, 'test/kernel/one.test.ts'), lines.join('\n'));
  return await runKernelTests(checkout, '6.1', 'one');
}

const importing = `const { test } = require('node:test');`;
const passing = `test('passes', () => undefined);`;
const failing = `test('fails', () => { throw new Error('as it should'); });`;
const ending = `test('ends its runner', async () => { process.kill(process.ppid, 'SIGKILL'); await new Promise((resolve) => setTimeout(resolve, 100)); });`;

for (const [what, lines, passed] of [
  ['whose tests pass', [passing], [true]],
  ['of which one fails', [passing, failing], [true, false]],
] as const)
  test(`a file ${what} has come to its end`, async (context) => {
    const { told, cameToItsEnd } = await runOf(context, [importing, ...lines]);
    assert.deepEqual([told.map((one) => one.passed), cameToItsEnd], [passed, true]);
  });

test('a file that is ended amid its tests has not come to its end, though none has failed', async (context) => {
  const { told, cameToItsEnd } = await runOf(context, [importing, passing, ending]);
  assert.deepEqual([told.every(({ passed }) => passed), cameToItsEnd], [true, false]);
});
