import assert from 'node:assert/strict';
import { test } from 'node:test';
import { driftOfGolden } from './drift.ts';
import { madeTrialMeasures } from './made-trial.example.ts';

test('golden runs whose L90 rises each time drift, by so much from the first to the last', () => {
  // Six golden runs with a trial between each two; each is 10 ms slower than the one before. 2 of 720 orders; four measures.
  const trials = Array.from({ length: 6 }, (_, place) => [
    madeTrialMeasures(`g${place}`, { l90Us: 50_000 + place * 10_000 }),
    madeTrialMeasures(`t${place}`, { cell: 'a.b.c', l90Us: 9_000_000 }),
  ]).flat();
  const [l50, l90] = driftOfGolden(trials);
  assert.ok(l90 !== undefined && l90.measure === 'l90');
  assert.deepEqual([l90.n, l90.tau, l90.drifts], [6, 1, true]);
  assert.ok(typeof l90.p === 'number' && Math.abs(l90.p - 2 / 720) < 1e-12);
  assert.ok(typeof l90.corrected === 'number' && Math.abs(l90.corrected - 8 / 720) < 1e-12);
  assert.equal(l90.change, 50_000);
  assert.deepEqual([l50?.tau, l50?.p, l50?.drifts, l50?.change], [0, 1, false, 0]);
});

test('of one golden run no drift is known', () => {
  const [, l90] = driftOfGolden([madeTrialMeasures('g', { l90Us: 1 })]);
  assert.deepEqual(
    [l90?.n, l90?.tau, l90?.p, l90?.change, l90?.drifts],
    [1, 'unknown', 'unknown', 'unknown', 'unknown'],
  );
});
