import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { FaultDirectory } from '../kernel-fault/fault-directory.ts';
import { recordOfCorruptions } from './corruptions.ts';

test('a corruption is told with its place, the bytes before and after, the process, and the number of its trigger', async (context) => {
  const directory = await mkdtemp(join(tmpdir(), 'ordeal-corruptions-'));
  context.after(async () => await rm(directory, { recursive: true }));
  await writeFile(join(directory, 'corruptions'), '51000000000 7 heap 0x4c9310 0a0b 0aff 312 314 my web\n');
  assert.equal(
    await recordOfCorruptions(new FaultDirectory(directory)),
    'corrupted: heap at 0x4c9310 0a0b -> 0aff of 312 (my web) [7]',
  );
});
