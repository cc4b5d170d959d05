import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { problemOfRulePattern, ruleExpression } from './rule-expression.ts';

for (const [pattern, line] of [
  ['^(a+)+$', `${'a'.repeat(4_095)}b`],
  ['(\\w+\\s*)+:', 'ab '.repeat(1_365)],
  ['(.*)(.*)(.*)(.*)(.*)x$', 'z'.repeat(4_096)],
] as const) {
  test(`the longest line does not hold up the rule ${pattern}`, () => {
    const script = `
      import { ruleExpression } from './campaign/rule-expression.ts';
      process.exit(ruleExpression(${JSON.stringify(pattern)}).test(${JSON.stringify(line)}) ? 1 : 0);`;
    const args = ['--import', 'tsx', '--input-type=module', '--eval', script];
    // In a process of its own, which can be ended: an expression that is held up holds up its timers too.
    const ended = spawnSync(process.execPath, args, { timeout: 60_000, encoding: 'utf8' });
    assert.equal(ended.signal, null, 'it was still at it after a minute');
    assert.equal(ended.status, 0, ended.stderr);
  });
}

for (const pattern of ['down(?= now)', '(?<!not )down', '(\\w+) is \\1', '[a-z]{0,100}x', '(?:a{10}){10}']) {
  test(`the pattern ${pattern}, which a line could hold up, is refused`, () => {
    assert.match(problemOfRulePattern(pattern) ?? '', /that no line can hold up/);
  });
}

for (const pattern of [
  'Server web/(?<component>\\S+) is (DOWN|UP)\\b',
  '^\\[\\d{1,3}(?:\\.\\d{1,3}){3}\\]',
  'é',
]) {
  test(`the pattern ${pattern} is taken`, () => {
    assert.equal(problemOfRulePattern(pattern), undefined);
  });
}

test('what the linear engine finds is what the usual one finds, with its groups', () => {
  const part = fc.constantFrom(
    'a',
    'b',
    '(a|b)',
    '(?<component>a+)?',
    '.',
    '(a*)',
    '(?:ab?)+',
    '\\b',
    '[^a]',
    '$',
  );
  fc.assert(
    fc.property(
      fc.uniqueArray(part, { minLength: 1, maxLength: 5 }),
      fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: 12 }),
      (parts, line) => {
        const pattern = parts.join('');
        const [usual, linear] = [ruleExpression(pattern), new RegExp(pattern, 'l')].map((one) =>
          one.exec(line),
        );
        assert.deepEqual([...(linear ?? [])], [...(usual ?? [])]);
        assert.equal(linear?.index, usual?.index);
      },
    ),
    { numRuns: 1_000 },
  );
});
