import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countOf, regionsIn } from './counters.ts';

test('the stretches that are counted are told with the injection that asked for it', () => {
  assert.deepEqual(regionsIn('0: 0+2048 2048 ordeal-dm-delay i-1\n3: 8+1 1 ordeal-dm-delay i-2\n'), [
    { region: '0', injection: 'i-1' },
    { region: '3', injection: 'i-2' },
  ]);
  assert.deepEqual(regionsIn(''), []);
});

test('reads and writes are counted apart', () => {
  const printed = '0+2048 12 1 96 8 3 2 24 5 0 13 13 8 5\n';
  assert.equal(countOf(printed, 'read'), 12);
  assert.equal(countOf(printed, 'write'), 3);
  assert.equal(countOf(printed, 'both'), 15);
});
