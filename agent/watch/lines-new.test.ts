import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { linesNewIn } from './lines-new.ts';

test('lines that were not there before are new', () => {
  assert.deepEqual(linesNewIn(['vm1 running', 'vm2 shut off'], ['vm1 running', 'vm2 running']), [
    'vm2 shut off',
  ]);
});

test('a line that is there once more than before is new once', () => {
  assert.deepEqual(linesNewIn(['x', 'x', 'x'], ['x', 'x']), ['x']);
});

test('a line that went away and came again is new again', () => {
  assert.deepEqual(linesNewIn(['up'], []), ['up']);
});

test('in another order nothing is new', () => {
  const line = fc.constantFrom('a', 'b', 'c');
  fc.assert(
    fc.property(fc.array(line), (lines) => assert.deepEqual(linesNewIn(lines.toReversed(), lines), [])),
  );
});
