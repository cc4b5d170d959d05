import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseByteSize } from './byte-size.ts';

test('a size is read in powers of ten and of two, and never without its unit', () => {
  assert.equal(parseByteSize('64MiB'), 67_108_864);
  assert.equal(parseByteSize('1.5kB'), 1_500);
  assert.equal(parseByteSize('1GiB'), 1_073_741_824);
  for (const wrong of ['64', '64 MiB', '-1B', '1mib', '']) assert.equal(parseByteSize(wrong), undefined);
});
