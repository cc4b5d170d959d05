import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diskFill, leftFree } from './descriptor.ts';

for (const [leave, bytes] of [
  ['0B', 0],
  ['16MiB', 16_777_216],
  ['0%', 0],
  ['12.5%', 125],
  ['0.01%', 1],
] as const) {
  test(`of 1000 bytes, ${leave} is ${bytes}`, () => {
    assert.equal(leftFree({ directory: '/tmp', leave }, 1000), bytes);
  });
}

for (const [wrong, message] of [
  [{ directory: 'data' }, /absolute path/],
  [{ directory: '/data/../etc' }, /absolute path/],
  [{ directory: '/data/' }, /absolute path/],
  [{ directory: '/data\0' }, /absolute path/],
  [{ leave: '100%' }, /must be a size/],
  [{ leave: '-1%' }, /must be a size/],
  [{ leave: '5' }, /must be a size/],
  [{ leave: '99999999999GiB' }, /must be a size/],
] as const) {
  test(`${JSON.stringify(wrong)} is refused`, () => {
    assert.match(diskFill.parameters.safeParse(wrong).error?.message ?? 'accepted', message);
  });
}
