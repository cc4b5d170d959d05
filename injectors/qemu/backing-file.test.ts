import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imageOf } from './backing-file.ts';

const root = { drive: 'root', file: '/var/lib/vm/root.qcow2' };
const data = { drive: 'data', file: '/dev/sdb' };

test('without a name, the only drive is meant', () => {
  assert.deepEqual(imageOf('guest', [data], undefined), data);
});

test('one that is named is meant', () => {
  assert.deepEqual(imageOf('guest', [root, data], 'data'), data);
});

test('where none or several could be meant, none is', () => {
  assert.throws(() => imageOf('guest', [root, data], undefined), {
    code: 'NO_TARGET',
    message: 'the virtual machine guest has not exactly one drive with a file; it has: root, data',
  });
  assert.throws(() => imageOf('guest', [root], 'swap'), {
    message: 'the virtual machine guest has no drive "swap" with a file; it has: root',
  });
  assert.throws(() => imageOf('guest', [], undefined), { message: /; it has: none$/ });
});
