import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { identify } from '../../procfs/identity.ts';
import { DetachedProcess } from './detached-process.ts';

async function started(context: TestContext) {
  const directory = await mkdtemp(join(tmpdir(), 'ordeal-detached-'));
  const file = join(directory, 'process.json');
  const process = await DetachedProcess.start({ argv: ['sleep', '60'], log: join(directory, 'log'), file });
  context.after(async () => {
    await process.signal('SIGKILL');
    await rm(directory, { recursive: true });
  });
  return { process, file };
}

test('a process is found again by its file, and ended', async (context) => {
  const { process, file } = await started(context);
  const found = await DetachedProcess.known(file);
  assert.equal(found?.pid, process.pid);
  await found.signal('SIGTERM');
  assert.equal(await process.hasEnded(60_000), true);
});

for (const [what, other] of [
  ['was started at another time', { startTicks: 1 }],
  ['is of another boot', { bootId: '00000000-0000-0000-0000-000000000000' }],
] as const) {
  test(`a process with the same number that ${what} is not alive for us, and is sent no signal`, async (context) => {
    const { process, file } = await started(context);
    const identity = JSON.parse(await readFile(file, 'utf8')) as object;
    await writeFile(file, JSON.stringify({ ...identity, ...other }));
    const found = await DetachedProcess.known(file);
    assert.equal(await found?.isAlive(), false);
    await found?.signal('SIGKILL');
    assert.notEqual(await identify(process.pid), undefined);
  });
}

test('where nothing was started, or its end was noted, nothing is known', async (context) => {
  const { process, file } = await started(context);
  await process.forget();
  assert.equal(await DetachedProcess.known(file), undefined);
});

test('a program that is not installed is named', async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'ordeal-detached-'));
  context.after(async () => await rm(directory, { recursive: true }));
  const start = {
    argv: ['no-such-program'],
    log: join(directory, 'log'),
    file: join(directory, 'f'),
  };
  await assert.rejects(DetachedProcess.start(start), { code: 'MISSING_PROGRAM' });
});
