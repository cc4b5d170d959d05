import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inShort } from './in-short.ts';

test('of many bytes the first four are told, and how many they are', () => {
  assert.equal(
    inShort('anon at 0x60000000 00070e151c232a3138 -> cc8d713f57a0e626e4'),
    'anon at 0x60000000 00070e15… (9 bytes) -> cc8d713f… (9 bytes)',
  );
});

test('what fits into a register, an address and words stay as they are', () => {
  const words = 'bx 0x2468acf13579bde -> 0x2468acf13571bde of 1828 (registers) at 0x4016ef; 02468acf13579bde';
  assert.equal(inShort(words), words);
});
