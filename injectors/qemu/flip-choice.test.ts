import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { flipChoices, type FlipChoice } from './flip-choice.ts';
import { registerNames } from './processor-registers.ts';

const all = { registers: [...registerNames], bitMask: '0xffffffffffffffff', bits: 1 };

function first(count: number, seed: number, given = all): FlipChoice[] {
  const choices = flipChoices(seed, given);
  return Array.from({ length: count }, () => choices.next().value);
}

test('the same seed chooses the same flips in the same order, another seed others', () => {
  assert.deepEqual(first(50, 7), first(50, 7));
  assert.notDeepEqual(first(50, 7), first(50, 8));
});

test('bit 0 and bit 63 of every register are reached', () => {
  const met = new Set(first(20_000, 7).map(({ register, mask }) => `${register} ${mask}`));
  for (const register of registerNames)
    for (const mask of [1n, 1n << 63n]) assert.ok(met.has(`${register} ${mask}`), `${register} ${mask}`);
});

test('as many bits as asked are flipped, all of them within the mask', () => {
  const masks = fc.bigInt({ min: 1n, max: 2n ** 64n - 1n });
  fc.assert(
    fc.property(masks, fc.integer(), fc.nat(), (mask, seed, some) => {
      const within = onesOf(mask);
      const bits = 1 + (some % within);
      for (const choice of first(5, seed, { ...all, bitMask: `0x${mask.toString(16)}`, bits })) {
        assert.equal(onesOf(choice.mask), bits);
        assert.equal(choice.mask & ~mask, 0n);
      }
    }),
  );
});

function onesOf(mask: bigint): number {
  return mask.toString(2).replaceAll('0', '').length;
}
