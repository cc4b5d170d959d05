import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Outcome, outcomes, type SampleColumns } from '../../events/sample-columns.ts';
import { type ClockedSamples, seriesOf } from './series.ts';

type Row = readonly [intendedMs: number, latencyMs: number, outcome: Outcome];

function samples(rows: readonly Row[], offsetUs = 0): ClockedSamples {
  const columns: SampleColumns = {
    intendedUs: Float64Array.from(rows, ([intendedMs]) => intendedMs * 1000),
    sentUs: Float64Array.from(rows, ([intendedMs]) => intendedMs * 1000),
    answeredUs: Float64Array.from(rows, ([intendedMs, latencyMs]) => (intendedMs + latencyMs) * 1000),
    requestClass: new Uint16Array(rows.length),
    outcome: Uint8Array.from(rows, ([, , outcome]) => outcomes.indexOf(outcome)),
  };
  return { columns, toReferenceUs: (hostUs) => hostUs + offsetUs };
}

test('each request belongs to the bin of its intended send, in the reference clock', () => {
  const first = samples(
    [
      [1000, 5, 'ok'],
      [1050, 1, 'ok'],
      [1099, 500, 'ok'],
    ],
    5_000_000,
  );
  const second = samples(
    [
      [1100, 2, 'ok'],
      [1150, 0, 'refused'],
      [1250, 9, 'wrong'],
      [999, 1, 'ok'],
      [1400, 1, 'ok'],
    ],
    5_000_000,
  );
  const series = seriesOf([first, second], { fromUs: 6_000_000, untilUs: 6_400_000 });
  assert.deepEqual(series, {
    fromUs: 6_000_000,
    untilUs: 6_400_000,
    binUs: 100_000,
    bins: [
      { sent: 3, failed: 0, l50Us: 5_000, l90Us: 500_000 },
      { sent: 2, failed: 1, l50Us: 2_000, l90Us: Infinity },
      { sent: 1, failed: 1, l50Us: Infinity, l90Us: Infinity },
      { sent: 0, failed: 0, l50Us: undefined, l90Us: undefined },
    ],
  });
});

test('the percentiles are nearest ranks: of ten, the fifth and the ninth', () => {
  const rows = [9, 3, 7, 1, 10, 2, 8, 4, 6, 5].map((latencyMs): Row => [0, latencyMs, 'ok']);
  const { bins } = seriesOf([samples(rows)], { fromUs: 0, untilUs: 100_000 });
  assert.deepEqual(bins, [{ sent: 10, failed: 0, l50Us: 5_000, l90Us: 9_000 }]);
});

test('a long trial gets longer bins, and the end of it is not cut off', () => {
  const minutes = (count: number): number => count * 60_000_000;
  const lengths = (untilUs: number): number[] => {
    const { binUs, bins } = seriesOf([], { fromUs: 0, untilUs });
    return [binUs, bins.length];
  };
  assert.deepEqual(lengths(24_000_000), [100_000, 240]);
  assert.deepEqual(lengths(minutes(1)), [250_000, 240]);
  assert.deepEqual(lengths(minutes(5)), [2_000_000, 150]);
  assert.deepEqual(lengths(90_500), [100_000, 1]);
  assert.deepEqual(lengths(0), [100_000, 0]);
});
