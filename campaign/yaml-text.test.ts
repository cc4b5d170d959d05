import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { examineCampaign } from './read.ts';

function onlyProblem(content: string | Uint8Array) {
  const examined = examineCampaign(content);
  assert.ok('problems' in examined && examined.problems[0] !== undefined);
  return examined.problems[0];
}

describe('a file that is not one YAML mapping is refused with the reason and its place', () => {
  const texts: readonly [string, string, [number, number], RegExp][] = [
    ['an empty file', '', [1, 1], /is empty/],
    ['nothing but comments', '# later\n', [1, 1], /is empty/],
    ['a list', '- version: 1\n', [1, 1], /not a mapping/],
    ['a text', 'campaign', [1, 1], /not a mapping/],
    ['a key twice', 'version: 1\nname: a\nname: b\n', [3, 1], /"name" is there twice/],
    ['a key twice, deep in it', 'a:\n  - b: 1\n    c: 1\n    b: 1\n', [4, 5], /"b" is there twice/],
    ['a key twice, quoted once', 'a: 1\n"a": 1\n', [2, 1], /"a" is there twice/],
    ['several documents', 'version: 1\n---\nversion: 1\n', [2, 1], /second YAML document/],
    ['a tab', 'system:\n\tname: a\n', [2, 1], /a tab; YAML is indented by spaces/],
    ['an open bracket', 'name: [', [1, 8], /is not YAML/],
    ['a foreign tag', 'version: !secret 1\n', [1, 10], /is not YAML: Unresolved tag/],
    ['a key that is a list', '? [a]\n: 1\n', [1, 3], /not a text/],
    ['an unknown alias', 'version: *one\n', [1, 10], /no &one/],
  ];
  for (const [what, text, [line, column], says] of texts) {
    test(what, () => {
      const problem = onlyProblem(text);
      assert.match(problem.message, says);
      assert.deepEqual([problem.line, problem.column], [line, column]);
    });
  }
});

test('of a file above 256 KiB the size is told, and nothing of what is in it', () => {
  const bytes = Buffer.alloc(10 * 1024 * 1024, '"');
  assert.match(onlyProblem(bytes).message, /10485760 bytes.*256 KiB/);
  assert.match(onlyProblem(bytes.toString()).message, /10485760 bytes.*256 KiB/);
});

test('a file that is not UTF-8 is refused with the offset of the first wrong byte', () => {
  const wrong = (...bytes: number[]): string =>
    onlyProblem(Buffer.concat([Buffer.from('name: ä'), Buffer.from(bytes)])).message;
  assert.match(wrong(0xff, 0xfe), /not UTF-8.*offset 8 /);
  assert.match(wrong(0x61, 0xc3, 0x28), /offset 9 /);
  assert.match(wrong(0x61, 0xe2, 0x82), /offset 9 /);
  assert.match(onlyProblem(Buffer.from([0xed, 0xa0, 0x80])).message, /offset 0 /);
});

test('a byte order mark is no part of the text', () => {
  assert.match(onlyProblem(Buffer.from('\uFEFF- a')).message, /not a mapping/);
  assert.match(onlyProblem('\uFEFF- a').message, /not a mapping/);
});

test('aliases that explode are refused, aliases that repeat a little are not', () => {
  const nine = (name: string): string => Array<string>(9).fill(`*${name}`).join(', ');
  const laughs = Array.from('bcdefghij').map(
    (key, index) => `${key}: &${key} [${nine('abcdefghi'.charAt(index))}]`,
  );
  assert.match(onlyProblem(['a: &a [x, x, x]', ...laughs].join('\n')).message, /aliases.*100 at most/);
  const examined = examineCampaign('version: &one 1\nrepetitions: *one\n');
  assert.ok('problems' in examined);
  assert.ok(!examined.problems.some(({ path }) => path === 'repetitions' || path === ''));
});

test('what repeats itself without an end, or reaches for a prototype, is an unknown key like any other', () => {
  for (const text of ['loop: &a [*a]', '__proto__: { version: 1 }', 'constructor: 1']) {
    const examined = examineCampaign(text);
    assert.ok('problems' in examined);
    const key = text.slice(0, text.indexOf(':'));
    assert.ok(
      examined.problems.some(({ path, message }) => path === key && message.startsWith('unknown key')),
      text,
    );
    assert.ok(examined.problems.some(({ path }) => path === 'version'));
  }
});

test('what is made to take long does not: many keys, deep nesting', () => {
  const hostile = [
    Array.from({ length: 30_000 }, (_, index) => `k${index}:\n`).join(''),
    Array.from({ length: 500 }, (_, index) => `${' '.repeat(index)}k:\n`).join(''),
    '['.repeat(20_000),
    '- '.repeat(50_000),
    '"'.repeat(100_000),
  ];
  for (const text of hostile) {
    const began = performance.now();
    onlyProblem(text);
    // By the square of the size it would be minutes.
    assert.ok(performance.now() - began < 10_000, text.slice(0, 20));
  }
});
