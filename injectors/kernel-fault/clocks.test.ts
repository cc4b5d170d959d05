import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseClocks, toBoottimeNs, toMonotonicUs } from './clocks.ts';

/** A host that slept for 2.5 s of its 100 s. */
const clocks = parseClocks(
  'boottime_ns: 100000000000\nmonotonic_ns: 97500000000\nrealtime_ns: 1790000000000000000\n',
);

test("an instant of the kernel's clock is one of this process's, less the time that the host slept", () => {
  assert.equal(toMonotonicUs(100_000_000_000n, clocks), 97_500_000);
  assert.equal(toBoottimeNs(97_500_000, clocks), 100_000_000_000n);
});

test('an instant that goes to the kernel and comes back is the same, after any time that a host can be up', () => {
  const twentyYearsUs = 20 * 365 * 86_400 * 1_000_000;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: twentyYearsUs }), (us) => {
      assert.equal(toMonotonicUs(toBoottimeNs(us, clocks), clocks), us);
    }),
  );
});

test('clocks of which one is missing are not believed', () => {
  assert.throws(() => parseClocks('boottime_ns: 1\nrealtime_ns: 3\n'));
});
