import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LineSplitter } from './line-splitter.ts';

/** What comes of pieces: each line as text of single bytes, and how many were cut. */
function split(pieces: readonly Uint8Array[], bytesAtMost: number): { lines: string[]; cuts: number } {
  const lines: string[] = [];
  let cuts = 0;
  const splitter = new LineSplitter(
    (bytes) => lines.push(Buffer.from(bytes).toString('latin1')),
    () => (cuts += 1),
    bytesAtMost,
  );
  for (const piece of pieces) splitter.push(piece);
  splitter.end();
  return { lines, cuts };
}

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1');

test('lines end with a newline, with or without a carriage return, and empty ones are none', () => {
  assert.deepEqual(split([bytes('one\r\n\ntwo\n\r\nthree')], 100).lines, ['one', 'two', 'three']);
});

test('a line that is too long is handed over by its beginning, and counted', () => {
  assert.deepEqual(split([bytes('12345\n123456\n1234')], 5), { lines: ['12345', '12345', '1234'], cuts: 1 });
});

test('the rest of a line whose beginning is not known is none', () => {
  const lines: string[] = [];
  const splitter = new LineSplitter(
    (line) => lines.push(Buffer.from(line).toString()),
    () => undefined,
  );
  splitter.skipLine();
  splitter.push(bytes('rest of one'));
  splitter.push(bytes(' line\nwhole\n'));
  assert.deepEqual(lines, ['whole']);
});

test('where the pieces are parted changes nothing', () => {
  const text = fc.array(fc.constantFrom(0x0a, 0x0d, 0x61, 0xc3, 0xa9, 0xff), { maxLength: 60 });
  fc.assert(
    fc.property(text, fc.array(fc.nat(60)), fc.integer({ min: 1, max: 12 }), (all, cuts, bytesAtMost) => {
      const whole = Uint8Array.from(all);
      const edges = [
        0,
        ...cuts.map((cut) => Math.min(cut, whole.length)).sort((a, b) => a - b),
        whole.length,
      ];
      const pieces = edges.slice(1).map((edge, index) => whole.subarray(edges[index], edge));
      assert.deepEqual(split(pieces, bytesAtMost), split([whole], bytesAtMost));
    }),
  );
});

test('without a limit that matters, lines are what is between the newlines', () => {
  const text = fc
    .array(fc.constantFrom('\n', 'a', 'é', ' '), { maxLength: 60 })
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, (whole) => {
      const expected = whole.split('\n').filter((line) => line !== '');
      assert.deepEqual(split([bytes(whole)], 100), { lines: expected, cuts: 0 });
    }),
  );
});
