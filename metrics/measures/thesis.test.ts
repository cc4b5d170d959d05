import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contradictions, totals, type Statement } from './contradictions.ts';
import { infrastructureOf } from './infrastructure-group.ts';
import type { FaultResponse, GroupInfrastructure } from './infrastructure-measures.ts';
import { likeForLike, type Row } from './like-for-like.ts';
import { load, madeAttempt, second } from './made-attempt.example.ts';
import type { Proportion } from './measures.ts';
import { fisherExact } from './statistics/fisher.ts';
import {
  coverage,
  latencies,
  trialsPerFault,
  type CoverageRow,
  type LatencyRow,
} from './thesis-tables.example.ts';
import { measureAttempt } from './trial.ts';

const anyTrial = measureAttempt(madeAttempt({ made: load(100 * second, 166 * second, 20) }));

/** Five trials of each row, each harmed, the first of them detected, and of these the first recovered. */
function groupOf(rows: readonly CoverageRow[]): GroupInfrastructure {
  const trials = rows.flatMap(({ detected, byManagement, byNode }) =>
    Array.from({ length: trialsPerFault }, (_, index) => {
      const recovered = index < byManagement + byNode;
      const response: FaultResponse = {
        detected: index < detected,
        harmed: true,
        repaired: recovered,
        inTime: recovered,
        restored: recovered,
        recovered,
        ...(recovered ? { by: index < byManagement ? ('management' as const) : ('node' as const) } : {}),
        healedOnRemoval: false,
      };
      return { ...anyTrial, infrastructure: { ...anyTrial.infrastructure, response } };
    }),
  );
  return infrastructureOf(trials);
}

const esxi = groupOf(coverage.esxi);
const docker = groupOf(coverage.docker);

const percent = (share: number): number => Math.round(share * 100);
const printed = ({ k, n, low, high }: Proportion): string =>
  `${k}/${n} = ${((100 * k) / n).toFixed(2)}% (${percent(low)}-${percent(high)}%)`;

test('the coverages of Table 5.3 come out as printed, with their Wilson intervals', () => {
  assert.equal(printed(esxi.detection.coverage), '57/60 = 95.00% (86-98%)');
  assert.equal(printed(docker.detection.coverage), '45/60 = 75.00% (63-84%)');
  assert.equal(printed(esxi.recovery.coverage), '53/57 = 92.98% (83-97%)');
  // Its upper end is 96.49%: rounded once 96, by way of 96.5 it would be 97.
  assert.equal(printed(docker.recovery.coverage), '41/45 = 91.11% (79-96%)');
});

test('who recovered in Table 5.3: the management 20 and 25, the node 33 and 16', () => {
  assert.deepEqual([esxi.recovery.byManagement, docker.recovery.byManagement], [20, 25]);
  assert.deepEqual([esxi.recovery.byNode, docker.recovery.byNode], [33, 16]);
});

test('of the two infrastructures of the thesis the recovery coverages are not distinguishable, the detection coverages are', () => {
  assert.equal(fisherExact(esxi.recovery.coverage, docker.recovery.coverage).toFixed(2), '0.73');
  assert.equal(fisherExact(esxi.detection.coverage, docker.detection.coverage).toFixed(4), '0.0039');
});

const recoveries = (rows: readonly LatencyRow[]): Row[] =>
  rows.flatMap(({ fault, recovery, isPartial }) =>
    recovery === undefined ? [] : [{ name: fault, value: recovery, isPartial }],
  );
const detections = (rows: readonly LatencyRow[]): Row[] =>
  rows.flatMap(({ fault, detection }) =>
    detection === undefined ? [] : [{ name: fault, value: detection, isPartial: false }],
  );
/** To the tenth, halves up, which binary fractions alone do not give for 91.15. */
const tenth = (value: number | undefined): string => (Math.round((value ?? NaN) * 10 + 1e-6) / 10).toFixed(1);

test('the printed averages of Table 5.4 are of all rows on one side and of the unstarred on the other', () => {
  const { allRows, wholeRows } = likeForLike(recoveries(latencies.esxi), recoveries(latencies.docker));
  assert.deepEqual([tenth(allRows.one), tenth(wholeRows.other)], ['129.8', '91.2']);
  const detection = likeForLike(detections(latencies.esxi), detections(latencies.docker));
  assert.deepEqual([tenth(detection.allRows.one), tenth(detection.allRows.other)], ['38.7', '19.3']);
});

test('like for like the averages of Table 5.4 are 129.8 against 113.0, or 91.1 against 91.2', () => {
  const { allRows, wholeRows } = likeForLike(recoveries(latencies.esxi), recoveries(latencies.docker));
  assert.deepEqual([tenth(allRows.one), tenth(allRows.other)], ['129.8', '113.0']);
  assert.deepEqual([tenth(wholeRows.one), tenth(wholeRows.other)], ['91.1', '91.2']);
});

test('of the faults that both infrastructures recovered from by management the averages are 125.5 against 115.1', () => {
  const { commonRows } = likeForLike(recoveries(latencies.esxi), recoveries(latencies.docker));
  assert.deepEqual([tenth(commonRows.one), tenth(commonRows.other)], ['125.5', '115.1']);
});

/** Table 5.3 counts detections; a row of Table 5.4 has a latency where there was at least one. */
function statements(counts: readonly CoverageRow[], rows: readonly LatencyRow[]): Statement[] {
  return [
    ...counts.map(({ fault, detected }) => ({
      record: 'Table 5.3',
      row: fault,
      atLeast: detected,
      atMost: detected,
    })),
    ...rows.map(({ fault, detection }) => ({
      record: 'Table 5.4',
      row: fault,
      atLeast: detection === undefined ? 0 : 1,
      atMost: detection === undefined ? 0 : trialsPerFault,
    })),
  ];
}

test("the thesis contradicts itself on the detection of Docker's net delay, and on nothing else", () => {
  const found = contradictions(statements(coverage.docker, latencies.docker));
  assert.deepEqual(
    found.map(({ row }) => row),
    ['net delay'],
  );
  assert.deepEqual(contradictions(statements(coverage.esxi, latencies.esxi)), []);
});

test('by that contradiction Docker detected 45 or 40 of 60', () => {
  const ofDocker = statements(coverage.docker, latencies.docker);
  assert.deepEqual(totals(ofDocker, 'Table 5.3'), { atLeast: 40, atMost: 45 });
  const ofEsxi = statements(coverage.esxi, latencies.esxi);
  assert.deepEqual(totals(ofEsxi, 'Table 5.3'), { atLeast: 57, atMost: 57 });
});
