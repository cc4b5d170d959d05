import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../events/sample-columns.ts';
import { load, madeAttempt, second } from './made-attempt.example.ts';
import type { TrialMeasures } from './measures.ts';
import { timeToRecovery } from './time-to-recovery.ts';
import { measureAttempt } from './trial.ts';

/** Injected at 115.003 s, ended at 165 s; away from 116 s on. */
function trial(untilS: number): TrialMeasures {
  const isAway = (atUs: number): boolean => atUs >= 116 * second && atUs < untilS * second;
  const failed = (atUs: number): Outcome => (isAway(atUs) ? 'refused' : 'ok');
  return measureAttempt(madeAttempt({ made: load(100 * second, 166 * second, 20, failed) }));
}

test('a trial that never recovered is longer than was looked: neither infinite nor left out', () => {
  // Recovered after 4.997 s and 14.997 s; one did not within 49.997 s.
  const found = timeToRecovery([trial(120), trial(130), trial(200)], 1);
  assert.deepEqual([found.n, found.recovered, found.horizonUs], [3, 2, 49_997_000]);
  assert.deepEqual(
    found.curve.map(({ atUs, notYet }) => [atUs, Math.round(notYet * 1e9) / 1e9]),
    [
      [4_997_000, 0.666666667],
      [14_997_000, 0.333333333],
    ],
  );
  assert.equal(found.median, 14_997_000);
  assert.ok(found.restrictedMean !== 'unknown');
  // (4.997 + 14.997 + 49.997) / 3
  assert.equal(Math.round(found.restrictedMean.us), 23_330_333);
  assert.ok(found.restrictedMean.low >= 4_997_000 && found.restrictedMean.high <= 49_997_000);
});

test('where most never recovered, so did the median', () => {
  assert.equal(timeToRecovery([trial(120), trial(200), trial(200)], 1).median, 'never');
});

test('a trial without an outage had recovered at once', () => {
  const found = timeToRecovery([trial(0)], 1);
  assert.deepEqual([found.median, found.curve], [0, [{ atUs: 0, notYet: 0 }]]);
});

test('without a trial nothing is known', () => {
  assert.equal(timeToRecovery([], 1).restrictedMean, 'unknown');
});
