import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { FaultDirectory } from '../kernel-fault/fault-directory.ts';
import { recordOfFlips } from './flips.ts';

async function recordOf(context: TestContext, flips: string): Promise<string | undefined> {
  const directory = await mkdtemp(join(tmpdir(), 'ordeal-flips-'));
  context.after(async () => await rm(directory, { recursive: true }));
  await writeFile(join(directory, 'flips'), flips);
  return await recordOfFlips(new FaultDirectory(directory));
}

const line = (index: number): string =>
  `51000000000 ${index} r12 0x0000000000000001 0x8000000000000001 312 314 0x401136 my web\n`;

test('a flip is told with its register, both values, the process, the instruction, and the number of its trigger', async (context) => {
  assert.equal(
    await recordOf(context, line(7)),
    'flipped: r12 0x1 -> 0x8000000000000001 of 312 (my web) at 0x401136 [7]',
  );
});

test('where nothing was flipped there is no record', async (context) => {
  assert.equal(await recordOf(context, ''), undefined);
});

test('of many the first are told one by one, and the rest by their number', async (context) => {
  const flips = Array.from({ length: 40 }, (_, index) => line(index)).join('');
  assert.match((await recordOf(context, flips)) ?? '', /\[31\], and 8 more$/);
});
