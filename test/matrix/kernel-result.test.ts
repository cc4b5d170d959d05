import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countsByFile, hasPassed, total, type KernelResult } from './kernel-result.ts';

const told = [
  { file: 'smoke', name: 'a', passed: true },
  { file: 'life', name: 'b', passed: false },
  { file: 'smoke', name: 'c', passed: true },
];

function result(files: KernelResult['files']): KernelResult {
  return { release: '6.1.0', on: '2026-01-01', commit: 'abc', minutes: 1, files };
}

test('the tests of each file are counted', () => {
  assert.deepEqual(countsByFile(told, ['life', 'smoke']), {
    life: { tests: 1, passed: 0 },
    smoke: { tests: 2, passed: 2 },
  });
});

test('a file that told of no test has not passed', () => {
  assert.equal(hasPassed(result(countsByFile(told, ['smoke']))), true);
  assert.equal(hasPassed(result(countsByFile(told, ['smoke', 'gone']))), false);
});

test('the total is that of all files', () => {
  assert.deepEqual(total(countsByFile(told, ['life', 'smoke'])), { tests: 3, passed: 2 });
});
