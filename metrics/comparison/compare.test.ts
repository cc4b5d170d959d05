import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compare } from './compare.ts';
import type { Comparison, MeasureComparison, RowComparison } from './comparison.ts';
import type { ComparedMeasure } from './measure.ts';
import { madeRow, madeSide } from './side.example.ts';
import { isTestable, worseRows } from './worse.ts';

const cell = 'virtual.cpu.delay';
const slow = madeRow(cell, { values: { l90: [60, 70, 80, 90, 100] } });
const quick = madeRow(cell, { values: { l90: [10, 20, 30, 40, 50] } });

function measureIn({ measures }: Comparison, measure: ComparedMeasure): MeasureComparison {
  const found = measures.find((one) => one.measure === measure);
  assert.ok(found !== undefined, measure);
  return found;
}

function rowIn(comparison: Comparison, measure: ComparedMeasure, name = cell): RowComparison {
  const found = measureIn(comparison, measure).rows.find(({ row }) => row === name);
  assert.ok(found !== undefined, name);
  return found;
}

test('five that are all above five others are distinguishable where they are the only row, and the lower latency is the better', () => {
  const row = rowIn(compare(madeSide([slow]), madeSide([quick])), 'l90');
  assert.ok(row.kind === 'values' && 'low' in row.delta);
  // 2 of the 252 ways to part ten.
  for (const p of [row.p, row.corrected, row.smallestP]) assert.equal(p?.toFixed(12), (2 / 252).toFixed(12));
  assert.deepEqual([row.finding, row.better], ['distinguishable', 'other']);
  assert.equal(row.delta.delta, 1);
  // The differences are 10, 20, 20, 30, 30, 30, ...; the third from either end.
  assert.deepEqual(row.shift, { by: 50, low: 20, high: 80 });
  assert.deepEqual([row.one.median, row.other.median], [80, 30]);
});

test('more is better of a throughput', () => {
  const [much, less] = [
    [6, 7, 8, 9, 10],
    [1, 2, 3, 4, 5],
  ].map((throughput) => madeSide([madeRow(cell, { values: { throughput } })]));
  assert.ok(much !== undefined && less !== undefined);
  assert.equal(rowIn(compare(much, less), 'throughput').better, 'one');
});

test('twelve rows of which each would be distinguishable alone are not, and their total is', () => {
  const names = Array.from({ length: 12 }, (_, index) => `cell ${index}`);
  const side = (values: readonly number[]) =>
    madeSide(names.map((name) => madeRow(name, { values: { l90: values } })));
  const { rows, total, tests } = measureIn(compare(side([6, 7, 8, 9, 10]), side([1, 2, 3, 4, 5])), 'l90');
  assert.equal(tests, 12);
  assert.ok(
    rows.every(({ corrected, finding }) => corrected === 24 / 252 && finding === 'not distinguishable'),
  );
  assert.deepEqual([total?.finding, total?.better], ['distinguishable', 'other']);
});

test('the total compares the values of a cell with those of the same cell alone', () => {
  // Each side is slow in the cell in which the other has more trials: put together, the one would seem slower.
  const one = madeSide([
    madeRow('a', { values: { l90: [1000, 1010, 1020, 1030, 1040, 1050] } }),
    madeRow('b', { values: { l90: [10, 20] } }),
  ]);
  const other = madeSide([
    madeRow('a', { values: { l90: [1005, 1025] } }),
    madeRow('b', { values: { l90: [5, 15, 25, 8, 12, 22] } }),
  ]);
  const total = measureIn(compare(one, other), 'l90').total;
  assert.ok(total?.kind === 'values');
  // Of cell a 8 of 12 pairs are above; of b 10 against 5, 8 (2 of 6) and 20 against 5, 8, 12, 15 (4 of 6): 14 above, 10 below, of 24.
  assert.equal(total.delta.delta.toFixed(4), (4 / 24).toFixed(4));
  assert.equal(total.finding, 'not distinguishable');
});

test('a service that never came back is worse than any that did', () => {
  const back = madeRow(cell, { values: { unavailability: [1, 2, 3, 4, 5] } });
  const never = madeRow(cell, { values: { unavailability: [9, Infinity, Infinity, Infinity, Infinity] } });
  const row = rowIn(compare(madeSide([back]), madeSide([never])), 'unavailability');
  assert.ok(row.kind === 'values');
  assert.deepEqual([row.other.median, row.other.never, row.better], ['never', 4, 'one']);
  assert.deepEqual([row.shift?.by, row.shift?.low, row.shift?.high], ['-∞', '-∞', -6]);
  assert.equal(JSON.stringify(row).includes('null'), false);
});

test('shares are compared over the cells that both have', () => {
  const share = (name: string, k: number) => madeRow(name, { shares: { detected: { k, n: 10 } } });
  const comparison = compare(
    madeSide([share('a', 10), share('b', 9)]),
    madeSide([share('a', 2), share('c', 9)]),
  );
  const total = measureIn(comparison, 'detected').total;
  assert.ok(total?.kind === 'shares');
  assert.deepEqual([total.one?.k, total.one?.n, total.other?.k, total.other?.n], [10, 10, 2, 10]);
  assert.equal(total.difference?.difference, 0.8);
  assert.deepEqual([comparison.onlyOne, comparison.onlyOther], [['b'], ['c']]);
});

test('another load makes every row unlike, and what is worse then does not count', () => {
  const other = madeSide([slow], [{ what: 'load: rate', said: '100/s' }]);
  const comparison = compare(madeSide([quick]), other);
  assert.deepEqual(comparison.unlike, [{ what: 'load: rate', one: '250/s', other: '100/s' }]);
  const row = rowIn(comparison, 'l90');
  assert.deepEqual([row.finding, row.better, row.unlike], ['distinguishable', 'one', ['load: rate']]);
  assert.deepEqual(worseRows(comparison), []);
  assert.equal(worseRows(compare(madeSide([quick]), madeSide([slow]))).length, 2);
});

test('a fault that differs in one cell makes that row unlike, and the total, and no other row', () => {
  const side = (said: string) =>
    madeSide(
      ['a', 'b'].map((name) => madeRow(name, { values: { l50: [1, 2] } })),
      [
        { what: 'mechanism', row: 'a', said },
        { what: 'mechanism', row: 'b', said: 'sigkill' },
      ],
    );
  const comparison = compare(side('cpu-quota'), side('cpu-burn'));
  assert.deepEqual(comparison.unlike, [
    { what: 'mechanism', one: 'cpu-quota', other: 'cpu-burn', rows: ['a'] },
  ]);
  const { rows, total } = measureIn(comparison, 'l50');
  assert.deepEqual(
    rows.map(({ unlike }) => unlike),
    [['mechanism'], []],
  );
  assert.deepEqual(total?.unlike, ['mechanism']);
});

test('a condition of some measures counts against no other; one of the infrastructure itself against none', () => {
  const both = { shares: { detected: { k: 1, n: 2 } }, values: { unavailability: [1], l50: [1] } };
  const side = (window: string, rules: string) =>
    madeSide(
      [madeRow(cell, both)],
      [
        { what: 'window', said: window, affects: ['unavailability'] },
        { what: 'rules', said: rules, isItsOwn: true },
      ],
    );
  const comparison = compare(side('1s', 'a'), side('2s', 'b'));
  assert.deepEqual(
    comparison.unlike.map(({ what }) => what),
    ['window', 'rules'],
  );
  assert.deepEqual(rowIn(comparison, 'unavailability').unlike, ['window']);
  assert.deepEqual(rowIn(comparison, 'l50').unlike, []);
  assert.deepEqual(rowIn(comparison, 'detected').unlike, []);
});

test('what one does not say is unlike what the other says; nothing said by either is not taken for the same', () => {
  const [said, silent] = [madeSide([slow]), madeSide([slow], [])];
  assert.deepEqual(compare(said, silent).unlike, [{ what: 'load: rate', one: '250/s', other: 'not said' }]);
  assert.deepEqual(compare(silent, silent).unlike, [
    { what: 'workload, timeline and faults', one: 'not said', other: 'not said' },
  ]);
});

test('trials against a published average can be shown, and not tested', () => {
  const mean = { value: 12e6, of: 'mean', isPartial: false } as const;
  const run = madeSide([
    madeRow(cell, { values: { 'detection-latency': [10e6, 14e6] }, averages: { 'detection-latency': mean } }),
  ]);
  const published = {
    ...run,
    kind: 'aggregates' as const,
    rows: [madeRow(cell, { averages: { 'detection-latency': mean } })],
  };
  const comparison = compare(run, published);
  const row = rowIn(comparison, 'detection-latency');
  assert.deepEqual([row.kind, row.finding, row.unlike], ['averages', 'not testable', ['what is known']]);
  assert.equal(isTestable(comparison), false);
  assert.equal(comparison.averages[0]?.rules[0]?.one.us, 12e6);
});

test('the same comparison the other way round has the same p, the opposite effect and the opposite better side', () => {
  const there = rowIn(compare(madeSide([slow]), madeSide([quick])), 'l90');
  const back = rowIn(compare(madeSide([quick]), madeSide([slow])), 'l90');
  assert.ok(there.kind === 'values' && back.kind === 'values');
  assert.deepEqual([back.p, back.delta.delta, back.better], [there.p, -there.delta.delta, 'one']);
});
