import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { littleEndian, parseRegisters, registerNames } from './processor-registers.ts';

const word = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

function answerWith(values: readonly bigint[], codeSegment: number): string {
  const flags = '46020000';
  const segment = codeSegment.toString(16).padStart(2, '0') + '000000';
  return values.map(littleEndian).join('') + flags + segment + '2b000000';
}

test('every register is read as it was written, from bit 0 to bit 63', () => {
  const { length } = registerNames;
  fc.assert(
    fc.property(fc.array(word, { minLength: length, maxLength: length }), (values) => {
      const { values: read } = parseRegisters(answerWith(values, 0x33));
      assert.deepEqual(
        registerNames.map((name) => read[name]),
        values,
      );
    }),
  );
});

test('a processor runs a program where its code segment is of the least privilege', () => {
  const values = registerNames.map(() => 0n);
  assert.equal(parseRegisters(answerWith(values, 0x33)).runsProgram, true);
  assert.equal(parseRegisters(answerWith(values, 0x10)).runsProgram, false);
});
