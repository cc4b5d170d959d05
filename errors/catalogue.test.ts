import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { catalogue } from './catalogue.ts';

const document = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8');

/** The cells of the table's rows, the head and its rule left out. */
const rows = document
  .split('\n')
  .filter((line) => /^\| [A-Z_]+ +\|/.test(line))
  .map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );

test('docs/errors.md has each code of the catalogue once, in its order, and no other', () => {
  assert.deepEqual(
    rows.map(([code]) => code),
    Object.keys(catalogue),
  );
});

for (const [code, { status, exit, remedy }] of Object.entries(catalogue)) {
  test(`docs/errors.md says of ${code} what the catalogue says`, () => {
    const [, means = '', ...rest] = rows.find(([name]) => name === code) ?? [];
    assert.match(means, /^[A-Z].{15,}\.$/, 'a sentence says what it means');
    assert.deepEqual(rest, [status, String(exit), remedy]);
  });
}
