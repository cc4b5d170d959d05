import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remarksOf } from './remarks.ts';

const words = { spared: (count: string) => `${count} were spared`, off: (cpus: string) => `off: ${cpus}` };

test('a line says what it says in words, in the order of the words', () => {
  assert.equal(remarksOf({ lines: { off: '0-3', spared: '2' } }, words), '2 were spared; off: 0-3');
});

test('a line that is empty, 0 or missing says nothing', () => {
  assert.equal(remarksOf({ lines: { off: '', spared: '0' } }, words), undefined);
  assert.equal(remarksOf({ lines: {} }, words), undefined);
});
