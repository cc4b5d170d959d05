import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { readAggregates } from '../import/read-aggregates.ts';
import { coverage, latencies, trialsPerFault } from '../measures/thesis-tables.example.ts';
import { isPublished, type Aggregates } from './aggregates.ts';
import { aggregatesSide } from './aggregates-side.ts';
import { compare } from './compare.ts';
import type { ComparedMeasure } from './measure.ts';

const read = (name: string): Aggregates => {
  const file = new URL(`../../docs/results/thesis/${name}.yaml`, import.meta.url);
  return readAggregates(readFileSync(file), `${name}.yaml`);
};
const tables = { esxi: read('esxi'), docker: read('docker') };
const comparison = compare(aggregatesSide(tables.esxi), aggregatesSide(tables.docker));

const domains: Readonly<Record<string, string>> = {
  mem: 'memory',
  net: 'network',
  sto: 'storage',
  cpu: 'cpu',
};
function cellOf(fault: string): string {
  const [domain = '', type = ''] = fault.split(' ');
  return `physical.${domains[domain] ?? ''}.${type === 'corrupt' ? 'corruption' : type}`;
}

test('the tables that are kept are the printed ones', () => {
  for (const side of ['esxi', 'docker'] as const) {
    assert.deepEqual(
      tables[side].cells.map(({ cell, trials, detected, byManagement, byNode }) => ({
        cell,
        trials,
        detected,
        byManagement,
        byNode,
      })),
      coverage[side].map(({ fault, ...counts }) => ({
        cell: cellOf(fault),
        trials: trialsPerFault,
        ...counts,
      })),
    );
    assert.deepEqual(
      tables[side].cells.map(({ cell, detectionLatency, recoveryLatency }) => ({
        fault: cell,
        detection: isPublished(detectionLatency) ? detectionLatency.us / 1e6 : undefined,
        recovery: isPublished(recoveryLatency) ? recoveryLatency.us / 1e6 : undefined,
        isPartial: isPublished(recoveryLatency) && recoveryLatency.isPartial,
      })),
      latencies[side].map((row) => ({ ...row, fault: cellOf(row.fault) })),
    );
  }
});

function totalOf(measure: ComparedMeasure) {
  const total = comparison.measures.find((one) => one.measure === measure)?.total;
  assert.ok(total?.kind === 'shares' && total.one !== undefined && total.other !== undefined);
  const { one, other, p, finding, better } = total;
  return { one: `${one.k}/${one.n}`, other: `${other.k}/${other.n}`, p: p?.toPrecision(2), finding, better };
}

test('the detection coverages of the thesis are distinguishable, and that of ESXi is the better', () => {
  assert.deepEqual(totalOf('detected'), {
    one: '57/60',
    other: '45/60',
    p: '0.0039',
    finding: 'distinguishable',
    better: 'one',
  });
});

test('the recovery coverages of the thesis are not distinguishable', () => {
  assert.deepEqual(totalOf('recovered-by-record'), {
    one: '53/57',
    other: '41/45',
    p: '0.73',
    finding: 'not distinguishable',
    better: undefined,
  });
});

test('no cell of the thesis by itself is distinguishable: five of five against none is 0.0079, and twelve such tests make that 0.095', () => {
  const detected = comparison.measures.find(({ measure }) => measure === 'detected');
  const delay = detected?.rows.find(({ row }) => row === 'physical.cpu.delay');
  assert.deepEqual(
    [delay?.p?.toFixed(4), delay?.corrected?.toFixed(3), delay?.smallestP?.toFixed(3), delay?.finding],
    ['0.0079', '0.095', '0.095', 'not distinguishable'],
  );
  assert.ok(detected?.rows.every(({ finding }) => finding === 'not distinguishable'));
});

test('like for like the recovery latencies are 129.8 against 113.0 s, or 91.1 against 91.2 s; the printed ones follow no rule in common', () => {
  const recovery = comparison.averages.find(({ measure }) => measure === 'recovery-latency');
  const tenths = (us: number | undefined): string => (Math.round((us ?? NaN) / 1e5) / 10).toFixed(1);
  assert.deepEqual(
    recovery?.rules.map(({ rule, one, other }) => [
      rule,
      one.rows,
      tenths(one.us),
      other.rows,
      tenths(other.us),
    ]),
    [
      ['all rows', 7, '129.8', 6, '113.0'],
      ['rows over all cases', 5, '91.1', 4, '91.2'],
      ['rows that both have', 5, '125.5', 5, '115.1'],
    ],
  );
  assert.deepEqual(recovery.printed, {
    one: { us: 129_800_000, follows: ['all rows'] },
    other: { us: 91_200_000, follows: ['rows over all cases'] },
  });
  assert.equal(recovery.isLikeForLike, false);
});

test('the printed detection latencies are like for like', () => {
  const detection = comparison.averages.find(({ measure }) => measure === 'detection-latency');
  assert.equal(detection?.isLikeForLike, true);
});

test("the contradiction on Docker's net delay is told with what it would come to: 40 of 60, and still distinguishable", () => {
  const [only, ...more] = comparison.contradictions;
  assert.deepEqual(more, []);
  assert.ok(only !== undefined);
  const { side, quantity, row, statements, otherwise } = only;
  assert.deepEqual([side, quantity, row], ['other', 'detected', 'physical.network.delay']);
  assert.deepEqual(statements, [
    { record: 'Table 5.3', row, atLeast: 5, atMost: 5 },
    { record: 'Table 5.4, detection', row, atLeast: 0, atMost: 0 },
    { record: 'Table 5.4, recovery', row, atLeast: 1, atMost: 5 },
  ]);
  assert.deepEqual([otherwise?.k, otherwise?.n, otherwise?.finding], [40, 60, 'distinguishable']);
});

test('what was measured without faults stands beside each other, without a test', () => {
  const l50 = comparison.measures.find(({ measure }) => measure === 'l50');
  assert.deepEqual(
    l50?.rows.map(({ row, finding }) => [row, finding]),
    [
      ['golden runs: INVITE', 'not testable'],
      ['golden runs: REGISTER', 'not testable'],
    ],
  );
});

test('both were run alike, and neither has a row that the other has not', () => {
  assert.deepEqual([comparison.unlike, comparison.onlyOne, comparison.onlyOther], [[], [], []]);
});
