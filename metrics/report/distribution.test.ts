import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { distributionOf, failedShare, quantile, together } from './distribution.ts';

const latency = fc.oneof(fc.double({ min: 1, max: 1e9, noNaN: true }), fc.constant(Infinity));

test('a quantile is within a bin of the nearest rank, and infinite where that falls on a failed request', () => {
  const share = fc.constantFrom(0.01, 0.1, 0.5, 0.9, 0.99);
  fc.assert(
    fc.property(fc.array(latency, { minLength: 1, maxLength: 60 }), share, (latencies, wanted) => {
      const exact = [...latencies].sort((a, b) => (a < b ? -1 : 1))[
        Math.ceil(wanted * latencies.length) - 1
      ] as number;
      const found = quantile(distributionOf(latencies), wanted) as number;
      if (exact === Infinity) assert.equal(found, Infinity);
      else assert.ok(Math.abs(Math.log10(found / exact)) <= 1 / 48, `${found} for ${exact}`);
    }),
  );
});

test('put together, the requests of several are those of one', () => {
  fc.assert(
    fc.property(fc.array(latency), fc.array(latency), (some, others) => {
      const joined = together([distributionOf(some), distributionOf(others)]);
      const { bins, ...counts } = distributionOf([...some, ...others]);
      assert.deepEqual({ ...joined, bins: undefined }, { ...counts, bins: undefined });
      assert.deepEqual([...joined.bins].sort(), [...bins].sort());
    }),
  );
});

test('of no request nothing is known', () => {
  assert.equal(quantile(distributionOf([]), 0.5), undefined);
  assert.equal(failedShare(distributionOf([])), undefined);
  assert.equal(failedShare(distributionOf([5, Infinity, Infinity, 7])), 0.5);
});
