import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCpuList, parseCpuList } from './processors.ts';

test('a list is read in whatever order it is written, and written as the kernel writes it', () => {
  for (const [asked, read, written] of [
    ['0', [0], '0'],
    ['5,0-3', [0, 1, 2, 3, 5], '0-3,5'],
    ['2,1,1-2', [1, 2], '1-2'],
    ['8191', [8191], '8191'],
  ] as const) {
    assert.deepEqual(parseCpuList(asked), read);
    assert.equal(formatCpuList(read), written);
  }
});

for (const wrong of ['', '3-1', '0-', 'all', '1,', '0-8192', '-1', '1;2'])
  test(`"${wrong}" is no list of processors`, () => {
    assert.equal(parseCpuList(wrong), undefined);
  });
