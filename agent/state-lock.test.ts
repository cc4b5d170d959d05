import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { OrdealError } from '../errors/ordeal-error.ts';
import { identify } from './process-identity.ts';
import { lockState } from './state-lock.ts';

async function directoryOf(context: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'ordeal-lock-'));
  context.after(async () => await rm(directory, { recursive: true }));
  return directory;
}

function isRefusal(error: unknown): boolean {
  return error instanceof OrdealError && error.code === 'ALREADY_EXISTS';
}

test('a state directory has one agent at a time', async (context) => {
  const directory = await directoryOf(context);
  const lock = await lockState(directory);
  await assert.rejects(lockState(directory), isRefusal);
  await lock.release();
  await (await lockState(directory)).release();
  assert.deepEqual(await readdir(directory), []);
});

test('the lock of a process that is gone, or whose pid is another one now, is taken over', async (context) => {
  const directory = await directoryOf(context);
  const own = await identify(process.pid);
  assert.ok(own);
  for (const stale of [{ ...own, startTicks: own.startTicks - 1 }, { ...own, bootId: 'earlier' }, 'torn']) {
    await writeFile(join(directory, 'lock'), JSON.stringify(stale));
    await (await lockState(directory)).release();
  }
  assert.deepEqual(await readdir(directory), []);
});
