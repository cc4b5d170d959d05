import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attributesOf } from './attributes.ts';
import { kernelMemoryCorrupt } from './corrupt-descriptor.ts';
import { kernelMemoryHog } from './hog-descriptor.ts';

const all = 'ax bx cx dx si di bp r8 r9 r10 r11 r12 r13 r14 r15 ip sp flags';

test('a hog is told its floor in bytes', () => {
  const given = kernelMemoryHog.parameters.parse({ floor: '64MiB', reclaim: 'hard' });
  assert.deepEqual(attributesOf.hog(given, 67_108_864), {
    effect: 'hog',
    floor_bytes: 67_108_864,
    reclaim: 'hard',
  });
});

const usual = {
  effect: 'corrupt',
  trigger: 'timer',
  timer_us: 10_000,
  times: 1,
  at: 'register',
  registers: all,
  mappings: 'anon heap stack file',
  bytes: 100,
  change: 'random',
};

test("unless told otherwise it is the thesis's corruption: 100 bytes where any register points to", () => {
  assert.deepEqual(attributesOf.corrupt(kernelMemoryCorrupt.parameters.parse({})), usual);
});

for (const [given, told, left] of [
  [{ at: 'address', address: '0x007fab' }, { at: 'address', address: '0x7fab' }, ['registers']],
  [{ at: 'random', mappings: ['shared', 'anon'] }, { at: 'random', mappings: 'anon shared' }, ['registers']],
  [{ registers: ['sp', 'ax'] }, { registers: 'ax sp' }, []],
  [
    { change: 'flip', bits: 2, bitMask: '0x81', bytes: 1 },
    { change: 'flip', bits: 2, bit_mask: '0x81', bytes: 1 },
    [],
  ],
  [{ change: 'set', value: 255 }, { change: 'set', value: 255 }, []],
  [
    { trigger: 'address', file: '/usr/bin/web', offset: 4096 },
    { trigger: 'address', file: '/usr/bin/web', offset: 4096 },
    ['timer_us'],
  ],
] as const)
  test(`a corruption with ${JSON.stringify(given)} is told that, and nothing that is another's`, () => {
    const expected = Object.entries({ ...usual, ...told }).filter(
      ([name]) => !(left as readonly string[]).includes(name),
    );
    const found = attributesOf.corrupt(kernelMemoryCorrupt.parameters.parse(given));
    assert.deepEqual(found, Object.fromEntries(expected));
  });
