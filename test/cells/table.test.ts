import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { wrappedTable } from './table.ts';

const columns = [
  { head: 'CELL', width: 22 },
  { head: 'SEEN', width: 10 },
];

test('a text that is longer than its column goes on below, at a space or behind a dot', () => {
  assert.equal(
    wrappedTable(columns, [['physical.storage.unavailability', '0 of 6 answered']]),
    [
      'CELL                    SEEN',
      '----------------------  ----------',
      'physical.storage.       0 of 6',
      'unavailability          answered',
    ].join('\n'),
  );
});

test('no line is wider than the columns, whatever is in them, and no character of a word is lost', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '.') });
  fc.assert(
    fc.property(text, text, (one, other) => {
      const [, , ...lines] = wrappedTable(columns, [[one, other]]).split('\n');
      for (const line of lines) assert.ok(line.length <= 22 + 2 + 10, line);
      const left = lines.map((line) => line.slice(0, 22)).join('');
      assert.equal(left.replaceAll(' ', ''), one.replaceAll(' ', ''));
    }),
  );
});
