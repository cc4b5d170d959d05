import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { OrdealError } from '../errors/ordeal-error.ts';
import { encodeMessage, type Message, PipeReader } from './pipe.ts';

function frame(rows: number): Message {
  return {
    is: 'frame',
    classes: ['GET /', 'POST /ö'],
    columns: {
      intendedUs: Float64Array.from({ length: rows }, (_, row) => 1_000_000 + row * 4000),
      sentUs: Float64Array.from({ length: rows }, (_, row) => 1_000_100 + row * 4000),
      answeredUs: Float64Array.from({ length: rows }, (_, row) => 1_002_000 + row * 4000),
      requestClass: Uint16Array.from({ length: rows }, (_, row) => row % 2),
      outcome: Uint8Array.from({ length: rows }, (_, row) => row % 5),
    },
  };
}

test('messages come out as they went in, however the stream is cut into pieces', () => {
  const counts = fc.array(fc.nat(20), { maxLength: 5 });
  const pieces = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(counts, pieces, (rows, sizes) => {
      const messages: Message[] = [{ is: 'hello', version: 'http 1' }, ...rows.map(frame)];
      messages.push({ is: 'end', rows: rows.reduce((sum, one) => sum + one, 0) });
      const bytes = Buffer.concat(messages.map(encodeMessage));
      const reader = new PipeReader();
      const read: Message[] = [];
      for (let from = 0, piece = 0; from < bytes.length; piece += 1) {
        const size = sizes[piece % sizes.length] ?? 1;
        read.push(...reader.read(bytes.subarray(from, from + size)));
        from += size;
      }
      assert.deepEqual(read, messages);
      assert.equal(reader.torn, 0);
    }),
  );
});

test('a frame that broke off is not handed over, and is seen to be torn', () => {
  const bytes = encodeMessage(frame(10));
  for (const cut of [1, 3, 4, 20, bytes.length - 1]) {
    const reader = new PipeReader();
    assert.deepEqual(reader.read(bytes.subarray(0, cut)), []);
    assert.equal(reader.torn, cut);
  }
});

test('anything else on the pipe is refused', () => {
  for (const text of ['listening on port 80\n', '\u0002\0\0\0{}', '\u0003\0\0\0{x}']) {
    assert.throws(() => new PipeReader().read(Buffer.from(text)), OrdealError);
  }
});
