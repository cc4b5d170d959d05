import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { emptyHooks } from './emptied-hooks.ts';

test('every hook that is emptied is in the sources of the modules, and answers before it does anything', async (context) => {
  const sources = await mkdtemp(join(tmpdir(), 'ordeal-hooks-'));
  context.after(async () => await rm(sources, { recursive: true }));
  await cp(fileURLToPath(new URL('../../injectors/kmod', import.meta.url)), sources, { recursive: true });
  await emptyHooks(sources);
  const command = await readFile(join(sources, 'storage/command.c'), 'utf8');
  assert.match(command, /static bool swallows\([^)]*\)\n{\n\treturn false;\n/);
});
