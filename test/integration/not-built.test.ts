import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

test('a fresh clone, which is not built, says what to run in place of what Node says', (context) => {
  const clone = mkdtempSync(join(tmpdir(), 'ordeal-not-built-'));
  context.after(() => rmSync(clone, { recursive: true }));
  for (const file of ['bin/ordeal.js', 'package.json'])
    cpSync(join(import.meta.dirname, '../..', file), join(clone, file));
  const { status, stderr } = spawnSync(process.execPath, [join(clone, 'bin/ordeal.js'), '--help'], {
    encoding: 'utf8',
  });
  assert.equal(status, 2);
  assert.equal(
    stderr,
    `ordeal: it is not built: there is no ${clone}/dist/cli/main.js\n  -> Run ${clone}/deploy/prepare.sh, which installs what is missing and builds.\n`,
  );
});
