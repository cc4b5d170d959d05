import assert from 'node:assert/strict';
import { test } from 'node:test';

test('a program that is missing is told with the package to install, which needs no clone of Ordeal', async () => {
  const { PATH = '' } = process.env;
  // Taken when it is loaded.
  process.env.PATH = '/nonexistent';
  const { run } = await import('./run.ts');
  process.env.PATH = PATH;
  await assert.rejects(run('perl', ['-v']), {
    code: 'MISSING_PROGRAM',
    message: 'the program "perl" was not found; it comes with the Debian package perl-base',
    remedy: 'Install it there: `apt-get install perl-base`.',
  });
});
