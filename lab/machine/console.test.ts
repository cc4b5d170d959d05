import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { consoleTail } from './console.ts';

async function consoleWith(context: TestContext, text: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'ordeal-console-'));
  context.after(async () => await rm(directory, { recursive: true }));
  const path = join(directory, 'console.log');
  await writeFile(path, text);
  return path;
}

test('the last lines are those that have something to say, without colours and cursor', async (context) => {
  const text =
    'first\r\n\r\n\u001b[?2004hroot@nfvi-1:~# \r\n\u001b[1;31mKernel panic\u001b[0m - not syncing\r\n';
  assert.equal(
    await consoleTail(await consoleWith(context, text), 2),
    'root@nfvi-1:~#\nKernel panic - not syncing',
  );
});

test('what a kernel died of is said before the end of its call trace', async (context) => {
  const trace = Array.from({ length: 40 }, (_, i) => `[ 9.${i}]  frame_${i}+0x1/0x2`);
  const text = ['[ 9.0] Kernel panic - not syncing: Fatal exception', ...trace, '---[ end ]---', ''].join(
    '\r\n',
  );
  assert.equal(
    await consoleTail(await consoleWith(context, text), 2),
    '[ 9.0] Kernel panic - not syncing: Fatal exception\n[...]\n[ 9.39]  frame_39+0x1/0x2\n---[ end ]---',
  );
});

test('a console of megabytes is read from its end', async (context) => {
  const text = `${'x'.repeat(100)}\n`.repeat(30_000) + 'the last word\n';
  assert.equal(await consoleTail(await consoleWith(context, text), 1), 'the last word');
});

test('a machine that never said anything has no last words', async () => {
  assert.equal(await consoleTail('/nowhere/console.log', 5), '');
});
