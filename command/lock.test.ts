import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { lockDirectory } from './lock.ts';

async function directoryOf(context: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'ordeal-lock-'));
  context.after(async () => await rm(directory, { recursive: true }));
  return directory;
}

async function isTaken(directory: string): Promise<boolean> {
  const lock = await lockDirectory(directory);
  await lock?.release();
  return lock === undefined;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(10);
}

test('a directory is one holder at a time, and nothing is written into it', async (context) => {
  const directory = await directoryOf(context);
  const lock = await lockDirectory(directory);
  assert.equal(await isTaken(directory), true);
  assert.deepEqual(await readdir(directory), []);
  await lock?.release();
  assert.equal(await isTaken(directory), false);
});

for (const namespace of process.geteuid?.() === 0 ? [[], ['unshare', '--net']] : [[]]) {
  const where = namespace.length === 0 ? 'here' : 'in another network namespace';
  test(
    `what a process ${where} holds is taken, and free when that is killed`,
    { timeout: 20_000 },
    async (context) => {
      const directory = await directoryOf(context);
      const holder = spawn('env', [...namespace, 'flock', '--no-fork', directory, 'sleep', '60']);
      context.after(() => holder.kill('SIGKILL'));
      await until(async () => await isTaken(directory));
      holder.kill('SIGKILL');
      await once(holder, 'exit');
      assert.equal(await isTaken(directory), false);
    },
  );
}

test('a directory that is not there cannot be locked', async (context) => {
  const directory = await directoryOf(context);
  await assert.rejects(lockDirectory(join(directory, 'none')), { code: 'ENOENT' });
});
