import assert from 'node:assert/strict';
import { test } from 'node:test';
import { madeTrialMeasures } from './made-trial.example.ts';
import { spreadsOf } from './spread.ts';

const of = (measure: string, trials: Parameters<typeof spreadsOf>[0]) =>
  spreadsOf(trials).find((spread) => spread.measure === measure);

test('of ten L90s: the fifth, the ninth, the last; and the ranks that the bootstrap leaves open', () => {
  const trials = Array.from({ length: 10 }, (_, index) =>
    madeTrialMeasures(`t${index}`, { cell: 'a.b.c', l90Us: (index + 1) * 1000 }),
  );
  const found = of('l90', trials);
  assert.deepEqual(
    [found?.n, found?.median.value, found?.nineOfTen.value, found?.worst],
    [10, 5000, 9000, 10_000],
  );
  // The fifth of ten drawn is at most the second value where five of ten are among two of ten: 3.3%; among one of ten: 0.2%.
  // At most the eighth: 99.4%; at most the seventh: 95.3%.
  assert.deepEqual([found?.median.low, found?.median.high], [2000, 8000]);
});

test('a throughput is the worse the lower it is, and its interval still goes from low to high', () => {
  const trials = Array.from({ length: 10 }, (_, index) =>
    madeTrialMeasures(`t${index}`, { cell: 'a.b.c', throughputPerS: index + 1 }),
  );
  const found = of('throughput', trials);
  assert.deepEqual([found?.median.value, found?.nineOfTen.value, found?.worst], [6, 2, 1]);
  assert.deepEqual([found?.median.low, found?.median.high], [3, 9]);
});

test('a U that never ended is the largest, and what is not known is in no number', () => {
  const trials = [
    madeTrialMeasures('a', { cell: 'a.b.c', us: 4_000_000 }),
    madeTrialMeasures('b', { cell: 'a.b.c', us: 1_000_000, recovered: false }),
    madeTrialMeasures('c', { cell: 'a.b.c', us: 2_000_000 }),
  ];
  const found = of('unavailability', trials);
  assert.deepEqual([found?.n, found?.median.value, found?.worst], [3, 4_000_000, 'failed']);
  assert.deepEqual(of('unavailability', []), {
    measure: 'unavailability',
    n: 0,
    median: { value: 'unknown', low: 'unknown', high: 'unknown' },
    nineOfTen: { value: 'unknown', low: 'unknown', high: 'unknown' },
    worst: 'unknown',
  });
});
