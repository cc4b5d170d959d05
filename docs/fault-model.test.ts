import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { descriptors, mechanismsFor } from '../injectors/catalogue.ts';
import { cells } from '../injectors/cell.ts';
import { cellsResultsSchema } from '../test/cells/cells-results.ts';
import { withSeenLines } from '../test/cells/seen-lines.ts';

const read = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8');
const document = read('fault-model.md');
const sections = new Map(
  document
    .split(/^(?=##+ )/m)
    .filter((section) => section.startsWith('### '))
    .map((section) => [/^### (.*)$/m.exec(section)?.[1] ?? '', section]),
);

test('each of the 24 cells has a section, and nothing else has one', () => {
  assert.deepEqual([...sections.keys()].sort(), [...cells].sort());
});

for (const cell of cells)
  test(`the section of ${cell} names every mechanism that serves it, and no other`, () => {
    const all = new Set(descriptors.map(({ name }) => name));
    const named = [...(sections.get(cell) ?? '').matchAll(/`([a-z0-9-]+)`/g)].map(([, name = '']) => name);
    const serving = mechanismsFor(cell).map(({ name }) => name);
    assert.deepEqual([...new Set(named)].filter((name) => all.has(name)).sort(), serving.sort());
  });

test('what was seen is what docs/results/cells.json has', () => {
  const results = cellsResultsSchema.parse(JSON.parse(read('results/cells.json')));
  assert.equal(document, withSeenLines(document, results));
});
