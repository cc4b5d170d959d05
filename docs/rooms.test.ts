import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { rooms } from '../test/lint/rooms.js';

test('docs/rooms.md shows each room of the linter, with the imports that the linter lets through', () => {
  const document = readFileSync(join(import.meta.dirname, 'rooms.md'), 'utf8');
  const shown = document
    .split('\n')
    .filter((line) => /^\| [a-z]/.test(line))
    .slice(1)
    .map((line) => {
      const [name, , imports = ''] = line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim());
      return [name, imports === 'nothing' ? [] : imports.split(', ')];
    });
  assert.deepEqual(
    shown,
    rooms.map((room) => [room.name, room.imports]),
  );
});
