import assert from 'node:assert/strict';
import { test } from 'node:test';
import { infrastructureOf } from './infrastructure-group.ts';
import type { FaultResponse, GroupInfrastructure, Latency } from './infrastructure-measures.ts';
import { load, madeAttempt, madeFault, second } from './made-attempt.example.ts';
import type { TrialMeasures } from './measures.ts';
import { measureAttempt } from './trial.ts';

const anyTrial = measureAttempt(madeAttempt({ made: load(100 * second, 166 * second, 20) }));

const recovered: FaultResponse = {
  detected: true,
  harmed: true,
  repaired: true,
  inTime: true,
  restored: true,
  recovered: true,
  by: 'node',
  healedOnRemoval: false,
};
const undetected: FaultResponse = {
  detected: false,
  harmed: true,
  repaired: false,
  inTime: false,
  restored: false,
  recovered: false,
  healedOnRemoval: false,
};

function trial(response: FaultResponse, weight = 1): TrialMeasures {
  const fault = { ...madeFault, layer: 'virtual', targets: ['host-1/container/web'], weight };
  return { ...anyTrial, fault, infrastructure: { ...anyTrial.infrastructure, response } };
}

const groupOf = (...responses: readonly FaultResponse[]): GroupInfrastructure =>
  infrastructureOf(responses.map((response) => trial(response)));

test('a fault that nobody detected and nobody felt is in the second denominator only', () => {
  const { detection } = groupOf(recovered, undetected, { ...undetected, harmed: false });
  assert.deepEqual([detection.coverage.k, detection.coverage.n], [1, 2]);
  assert.deepEqual([detection.ofInjected.k, detection.ofInjected.n], [1, 3]);
  assert.equal(detection.unknown, 0);
});

test('what is unknown is in no coverage, and is counted', () => {
  const { detection, recovery } = groupOf(
    recovered,
    { ...undetected, detected: 'unknown' },
    { ...undetected, harmed: 'unknown' },
    { ...recovered, recovered: 'unknown', restored: 'unknown' },
  );
  assert.deepEqual([detection.coverage.k, detection.coverage.n, detection.unknown], [2, 2, 2]);
  assert.deepEqual([detection.ofInjected.k, detection.ofInjected.n], [2, 3]);
  assert.deepEqual([recovery.coverage.k, recovery.coverage.n, recovery.unknown], [1, 1, 1]);
  assert.deepEqual([recovery.recordOnly.k, recovery.recordOnly.n], [2, 2]);
});

test('a repair that was too late is on record only; what was healed by the removal is neither', () => {
  const tooLate = { ...recovered, inTime: false, recovered: false };
  const healed = { ...undetected, detected: true, healedOnRemoval: true };
  const { recovery } = groupOf(recovered, { ...recovered, by: 'management' }, tooLate, healed);
  assert.deepEqual([recovery.coverage.k, recovery.coverage.n], [2, 4]);
  assert.deepEqual([recovery.recordOnly.k, recovery.recordOnly.n], [3, 4]);
  assert.deepEqual([recovery.byNode, recovery.byManagement, recovery.healedOnRemoval], [1, 1, 1]);
});

test('the weighted coverage counts each trial by the weight of its fault', () => {
  const { detection } = infrastructureOf([trial(recovered, 3), trial(undetected, 1)]);
  assert.equal(detection.coverage.weighted, 0.75);
});

const took = (us: number, isBound = false): Latency => ({ us, errorUs: 10, isBound });

test('latencies are median, 90th percentile and maximum of those that are known, by the nearest rank', () => {
  const { recovery } = groupOf(
    ...[500, 100, 400, 300, 200].map((us) => ({ ...recovered, recoveryLatency: took(us) })),
    { ...recovered, recovered: false, inTime: false, recoveryLatency: took(9_000) },
    undetected,
  );
  const { n, median, p90, maxUs } = recovery.latency;
  assert.ok(median !== 'unknown' && p90 !== 'unknown');
  assert.deepEqual([n, median.us, p90.us, maxUs], [5, 300, 500, 500]);
});

test('a bound counts as what it is at the most, and the summary says how many there are', () => {
  const { detection } = groupOf(
    { ...recovered, latencyFromInjection: took(30, true) },
    { ...recovered, latencyFromInjection: took(50) },
  );
  const { n, bounds, maxUs } = detection.latencyFromInjection;
  assert.deepEqual([n, bounds, maxUs], [2, 1, 50]);
  assert.equal(detection.latencyFromEffect.median, 'unknown');
});

test('a median of five latencies has the interval that its ranks leave open', () => {
  const { recovery } = groupOf(
    ...[500, 100, 400, 300, 200].map((us) => ({ ...recovered, recoveryLatency: took(us) })),
  );
  assert.deepEqual(recovery.latency.median, { us: 300, low: 100, high: 500 });
});
