import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FrameReader, longestFrame } from './frame-reader.ts';

function withLength(length: number, content: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(length);
  return Buffer.concat([head, content]);
}

const anyFrame = fc
  .uint8Array({ minLength: 14, maxLength: 200 })
  .map((bytes) => withLength(bytes.length, Buffer.from(bytes)));

test('frames come out as they went in, wherever the stream is cut', () => {
  fc.assert(
    fc.property(fc.array(anyFrame, { maxLength: 20 }), fc.array(fc.nat(4000)), (frames, cuts) => {
      const stream = Buffer.concat(frames);
      const reader = new FrameReader();
      const ends = [...cuts.filter((cut) => cut < stream.length), stream.length].toSorted((a, b) => a - b);
      const read: Buffer[] = [];
      let from = 0;
      for (const end of ends) {
        read.push(...reader.read(stream.subarray(from, end)));
        from = end;
      }
      assert.deepEqual(read, frames);
    }),
  );
});

for (const length of [0, 13, longestFrame + 1, 0xffff_ffff]) {
  test(`a length of ${length} is no frame`, () => {
    assert.throws(() => new FrameReader().read(withLength(length, Buffer.alloc(20))), {
      message: `a frame of ${length} bytes came; it has to be 14 to 69632`,
    });
  });
}

test('the longest frame is one', () => {
  const frame = withLength(longestFrame, Buffer.alloc(longestFrame));
  assert.deepEqual(new FrameReader().read(frame), [frame]);
});
