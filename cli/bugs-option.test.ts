import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bugNames } from '../embedded/bugs/bug-name.ts';
import { bugsOption } from './bugs-option.ts';

test('seeded bugs are named with commas between them, or all at once', () => {
  assert.deepEqual(bugsOption('sorry-for-good,unchecked-copy'), ['sorry-for-good', 'unchecked-copy']);
  assert.deepEqual(bugsOption('all'), bugNames);
});

test('a bug that there is not is refused with the nearest and with those that there are', () => {
  for (const text of ['sorry-for-goods', '', 'unchecked-copy,']) {
    assert.throws(() => bugsOption(text), { code: 'INVALID_INPUT', message: /one-restart-at-a-time/ }, text);
  }
  assert.throws(() => bugsOption('sorry-for-goods'), /did you mean sorry-for-good\?/);
});
