import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fittedTable } from './fitted-table.ts';
import { wrapped } from './wrapped.ts';

const columns = [
  { title: 'NAME', cell: ({ name }: { name: string }) => name },
  { title: 'LONG', cell: () => 'x'.repeat(20), dispensable: 1 },
  { title: 'LESS', cell: () => 'y'.repeat(10), dispensable: 2 },
  { title: 'NONE', cell: () => '' },
  { title: 'END', cell: () => 'z' },
];

test('a table that fits has every column that says something', () => {
  assert.deepEqual(fittedTable(columns, [{ name: 'a' }], 80), [
    'NAME  LONG                  LESS        END',
    `a     ${'x'.repeat(20)}  ${'y'.repeat(10)}  z`,
  ]);
});

test('where it does not fit, the most dispensable column goes, then the next', () => {
  assert.deepEqual(fittedTable(columns, [{ name: 'a' }], 30), [
    'NAME  LESS        END',
    'a     yyyyyyyyyy  z',
  ]);
  assert.deepEqual(fittedTable(columns, [{ name: 'a' }], 12), ['NAME  END', 'a     z']);
});

test('a text is broken between words, and no line is longer than there is room unless one word is', () => {
  assert.deepEqual(wrapped('one two three four', 9, 2), ['one two', '  three', '  four']);
  assert.deepEqual(wrapped('  indented text here', 12, 4), ['  indented', '    text', '    here']);
});
