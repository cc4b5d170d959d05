import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asRequests, second } from './made-attempt.example.ts';
import { throughput } from './throughput.ts';
import { serviceWindows } from './windows.ts';

const instants = { startUs: 0, injectUs: 10, removeUs: 20, endUs: 30, errorUs: 0 };
const at = (intendedUs: number) => ({ intendedUs, outcome: 'ok', latencyUs: intendedUs + 1 }) as const;

test('a request belongs to the window of its intended send; the end belongs to after', () => {
  const requests = asRequests([-1, 0, 9, 10, 19, 20, 30, 31].map(at));
  const { before, during, after } = serviceWindows(requests, instants);
  assert.deepEqual(before.latency, { l50Us: 1, l90Us: 10 });
  assert.deepEqual(during.latency, { l50Us: 11, l90Us: 20 });
  assert.deepEqual(after.latency, { l50Us: 21, l90Us: 31 });
  assert.deepEqual([before.requests, during.requests, after.requests], [2, 2, 2]);
});

test('failures are told apart, and none of them is throughput', () => {
  const { before } = serviceWindows(
    asRequests([
      at(0),
      { ...at(1), outcome: 'timeout' },
      { ...at(2), outcome: 'refused' },
      { ...at(3), outcome: 'refused' },
      { ...at(4), outcome: 'error' },
      { ...at(5), outcome: 'wrong' },
    ]),
    instants,
  );
  assert.deepEqual(before.failed, { timeout: 1, refused: 2, error: 1, wrong: 1 });
  assert.equal(before.throughputPerS, 100_000);
});

test('throughput is successes divided by the length of the window, in seconds', () => {
  assert.equal(throughput(3, 2 * second), 1.5);
  assert.equal(throughput(0, second), 0);
  assert.equal(throughput(3, 0), 'unknown');
});
