import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { roomRules, rooms } from './rooms.js';

const fixtures = join(import.meta.dirname, 'fixtures');

const importRules = new ESLint({
  overrideConfigFile: true,
  overrideConfig: [
    { files: ['**/*.ts'], languageOptions: { parser: tseslint.parser } },
    ...rooms.map((room) => roomRules(room)),
  ],
});

async function complaints(code: string, filePath: string): Promise<string[]> {
  const [result] = await importRules.lintText(code, { filePath });
  assert.ok(result !== undefined);
  return result.messages.map((message) => message.message);
}

for (const name of readdirSync(fixtures).filter(
  (file) => file.endsWith('.ts') && file !== 'floating-promise.ts',
)) {
  test(`the linter refuses: ${name.replace('.ts', '').replaceAll('-', ' ')}`, async () => {
    const code = readFileSync(join(fixtures, name), 'utf8');
    const filePath = /^\/\/ as: (.+)$/m.exec(code)?.[1];
    const expected = /^\/\/ breaks: (.+)$/m.exec(code)?.[1];
    assert.ok(
      filePath !== undefined && expected !== undefined,
      'a fixture says as which file it stands and what it breaks',
    );
    const found = await complaints(code, filePath);
    assert.equal(found.length, 1, found.join('\n'));
    assert.ok(found[0]?.includes(expected), found[0]);
  });
}

test('the linter lets through what the table of rooms allows', async () => {
  assert.deepEqual(await complaints("import '../injectors/catalogue.ts';", 'controller/fine.ts'), []);
  assert.deepEqual(await complaints("import '../../events/event.ts';", 'metrics/measures/fine.ts'), []);
  assert.deepEqual(await complaints("import './windows.ts';", 'metrics/measures/fine.ts'), []);
  assert.deepEqual(await complaints("import '../injectors/registry.ts';", 'agent/fine.ts'), []);
  assert.deepEqual(await complaints("import '../agent/main.ts';", 'cli/fine.ts'), []);
  assert.deepEqual(await complaints("await import('../../agent/main.ts');", 'cli/verbs/fine.ts'), []);
});

test('the linter refuses a promise that nobody waits for', async () => {
  const eslint = new ESLint({
    overrideConfigFile: true,
    overrideConfig: [
      {
        files: ['**/*.ts'],
        plugins: { '@typescript-eslint': tseslint.plugin },
        languageOptions: {
          parser: tseslint.parser,
          parserOptions: { project: join(fixtures, 'tsconfig.json'), tsconfigRootDir: fixtures },
        },
        rules: { '@typescript-eslint/no-floating-promises': 'error' },
      },
    ],
  });
  const [result] = await eslint.lintFiles([join(fixtures, 'floating-promise.ts')]);
  assert.deepEqual(
    result?.messages.map((message) => [message.ruleId, message.line]),
    [['@typescript-eslint/no-floating-promises', 5]],
  );
});
