import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeSamples } from '../../events/samples.ts';
import { load, madeAttempt, second } from '../measures/made-attempt.example.ts';
import { batchesIn } from './batches-in.ts';

const { batches } = madeAttempt({ made: load(0, second, 20) });
const encoded = batches.map(encodeSamples);
const bytes = Buffer.concat(encoded);
const firstEnds = encoded[0]?.length ?? 0;

test('batches end to end are read as they were', () => {
  assert.deepEqual(batchesIn(bytes), { batches, wholeBytes: bytes.length });
});

test('bytes that end anywhere within a batch are torn there, and whole up to it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: bytes.length - 1 }), (length) => {
      const found = batchesIn(bytes.subarray(0, length));
      const whole = length < firstEnds ? 0 : firstEnds;
      assert.equal(found.wholeBytes, whole);
      assert.equal(found.damage, length === firstEnds ? undefined : 'torn');
    }),
  );
});

test('damage with a whole batch behind it is not taken for a torn end', () => {
  for (const at of [0, 4, 8, 11, 20]) {
    const damaged = Buffer.from(bytes);
    damaged[at] = 0xff;
    const { damage, wholeBytes } = batchesIn(damaged);
    assert.match(damage ?? '', /at byte 0/, `byte ${at}`);
    assert.equal(wholeBytes, 0);
  }
});

test('a batch of another version is not a torn one', () => {
  const newer = Buffer.concat(encoded);
  newer.writeUInt32LE(2, firstEnds + 4);
  assert.match(batchesIn(newer).damage ?? '', /version 2 is not 1/);
});
