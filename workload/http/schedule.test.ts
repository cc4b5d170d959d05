import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Load } from './options.ts';
import { schedule } from './schedule.ts';

const between = (sends: Float64Array, fromS: number, toS: number): number =>
  sends.filter((at) => at >= fromS * 1e6 && at < toS * 1e6).length;

describe('a flat load', () => {
  test('sends at a constant spacing, from the start, and none at the end', () => {
    const sends = schedule({ shape: 'flat', rate: '250/s' }, 2_000_000);
    assert.equal(sends.length, 500);
    assert.deepEqual([...sends.subarray(0, 3)], [0, 4000, 8000]);
    assert.equal(sends.at(-1), 1_996_000);
  });

  test('of a rate per minute sends half a request a second', () => {
    assert.deepEqual([...schedule({ shape: 'flat', rate: '30/m' }, 5_000_000)], [0, 2_000_000, 4_000_000]);
  });

  test('of no duration sends nothing', () => {
    assert.equal(schedule({ shape: 'flat', rate: '250/s' }, 0).length, 0);
  });
});

describe('a ramp', () => {
  test('from 0 to 100/s in 10 s sends 500: at second t, 5 t^2 were sent', () => {
    const sends = schedule({ shape: 'ramp', from: '0/s', to: '100/s' }, 10_000_000);
    assert.equal(sends.length, 500);
    assert.equal(between(sends, 0, 2), 20);
    assert.equal(between(sends, 2, 4), 60);
    assert.equal(between(sends, 8, 10), 180);
    assert.equal(sends[5], 1_000_000);
    assert.equal(sends[20], 2_000_000);
  });

  test('downwards mirrors it: at second t, 100 t - 5 t^2 were sent', () => {
    const sends = schedule({ shape: 'ramp', from: '100/s', to: '0/s' }, 10_000_000);
    assert.equal(sends.length, 500);
    assert.equal(between(sends, 0, 2), 180);
    assert.equal(between(sends, 8, 10), 20);
  });
});

describe('a staircase', () => {
  test('from 10 to 30/s in 3 steps of 2 s sends 20, 40 and 60', () => {
    const sends = schedule({ shape: 'staircase', from: '10/s', to: '30/s', steps: 3 }, 6_000_000);
    assert.equal(sends.length, 120);
    assert.deepEqual([between(sends, 0, 2), between(sends, 2, 4), between(sends, 4, 6)], [20, 40, 60]);
    assert.equal(sends[20], 2_000_000);
    assert.equal(sends[21], 2_050_000);
  });

  test('that begins at 0 sends nothing in its first step', () => {
    const sends = schedule({ shape: 'staircase', from: '0/s', to: '20/s', steps: 2 }, 4_000_000);
    assert.deepEqual([between(sends, 0, 2), between(sends, 2, 4)], [0, 40]);
  });
});

test('any load sends in order, inside its duration, as many as its rates add up to', () => {
  const rate = fc.integer({ min: 0, max: 3000 });
  const load = fc.oneof(
    rate.map((one): Load => ({ shape: 'flat', rate: `${one + 1}/s` })),
    fc.tuple(rate, rate).map(([from, to]): Load => ({ shape: 'ramp', from: `${from}/s`, to: `${to + 1}/m` })),
    fc.tuple(rate, rate, fc.integer({ min: 2, max: 9 })).map(([from, to, steps]): Load => ({
      shape: 'staircase',
      from: `${from}/s`,
      to: `${to + 1}/s`,
      steps,
    })),
  );
  fc.assert(
    fc.property(load, fc.integer({ min: 1, max: 20_000_000 }), (shape, durationUs) => {
      const sends = schedule(shape, durationUs);
      const perS = (text: string): number => Number.parseFloat(text) / (text.endsWith('m') ? 60 : 1);
      const mean = shape.shape === 'flat' ? perS(shape.rate) : (perS(shape.from) + perS(shape.to)) / 2;
      assert.ok(Math.abs(sends.length - (mean * durationUs) / 1e6) <= 1);
      for (let send = 0; send < sends.length; send += 1) {
        const at = sends[send] ?? Number.NaN;
        assert.ok(at >= (sends[send - 1] ?? 0) && at <= durationUs && Number.isInteger(at));
      }
    }),
  );
});
