import assert from 'node:assert/strict';
import { test } from 'node:test';
import { floorIn } from './floor.ts';

const meminfo = `MemTotal:        1000000 kB
MemFree:          300000 kB
MemAvailable:     500000 kB
`;

test('a floor is what was asked for, or that share of all the memory of the host', () => {
  assert.equal(floorIn('64MiB', meminfo), 67_108_864);
  assert.equal(floorIn('10%', meminfo), 102_400_000);
});

for (const [floor, says] of [
  ['1%', /1% is 10240000 bytes, and 16777216 \(16MiB\) is the least/],
  ['15MiB', /the least that is left to programs/],
  ['60%', /programs could have only 512000000 more: nothing would be taken/],
] as const)
  test(`a floor of ${floor} is refused`, () => {
    assert.throws(() => floorIn(floor, meminfo), { code: 'INVALID_INPUT', message: says });
  });

test('a kernel that does not tell what is available is not guessed at', () => {
  assert.throws(() => floorIn('64MiB', 'MemTotal: 1000000 kB\n'), {
    code: 'UNSUPPORTED',
    message: '/proc/meminfo does not tell MemAvailable',
  });
});
