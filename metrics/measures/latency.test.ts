import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../events/sample-columns.ts';
import { latencies } from './latency.ts';
import { asRequests } from './made-attempt.example.ts';

const request = (latencyUs: number, outcome: Outcome = 'ok', sentLatencyUs = latencyUs) => ({
  intendedUs: 0,
  outcome,
  latencyUs,
  sentLatencyUs,
});
type Made = readonly ReturnType<typeof request>[];
const latency = (made: Made) => latencies(asRequests(made)).latency;
const successLatency = (made: Made) => latencies(asRequests(made)).successLatency;
const sentLatency = (made: Made) => latencies(asRequests(made)).sentLatency;

test('the percentile is the nearest rank: of ten, the 5th and the 9th', () => {
  const ten = [100, 20, 90, 30, 80, 40, 70, 50, 60, 10].map((us) => request(us));
  assert.deepEqual(latency(ten), { l50Us: 50, l90Us: 90 });
});

test('of eleven the 6th and the 10th, of one the only one, of none nothing is known', () => {
  const eleven = Array.from({ length: 11 }, (_, index) => request(index + 1));
  assert.deepEqual(latency(eleven), { l50Us: 6, l90Us: 10 });
  assert.deepEqual(latency([request(7)]), { l50Us: 7, l90Us: 7 });
  assert.deepEqual(latency([]), { l50Us: 'unknown', l90Us: 'unknown' });
});

test('a failed request ranks above every success, however fast it failed', () => {
  const requests = [
    ...[10, 20, 30, 40, 50, 60, 70, 80].map((us) => request(us)),
    request(1, 'refused'),
    request(1, 'error'),
  ];
  assert.deepEqual(latency(requests), { l50Us: 50, l90Us: 'failed' });
  assert.deepEqual(successLatency(requests), { l50Us: 40, l90Us: 80 });
});

test('where half and one more failed, L50 is infinite too; of failures alone no success is known', () => {
  const requests = [
    request(10),
    request(20),
    request(1, 'wrong'),
    request(1, 'timeout'),
    request(1, 'error'),
  ];
  assert.deepEqual(latency(requests), { l50Us: 'failed', l90Us: 'failed' });
  const failed = requests.slice(2);
  assert.deepEqual(successLatency(failed), { l50Us: 'unknown', l90Us: 'unknown' });
});

test('a stalled sender does not flatter the service: time counts from the intended send', () => {
  const stalled = [request(5_000_000, 'ok', 10), request(4_000_000, 'ok', 10)];
  assert.deepEqual(latency(stalled), { l50Us: 4_000_000, l90Us: 5_000_000 });
  assert.deepEqual(sentLatency(stalled), { l50Us: 10, l90Us: 10 });
});
