import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleMeasures, largeExample } from '../report/report.example.ts';
import { runSide } from './run-side.ts';

const large = largeExample(60);
const side = runSide(large, []);

test('the shares of a row are those of the group of its cell', () => {
  const cells = large.groups.filter(({ by }) => by === 'cell');
  assert.ok(cells.length > 3);
  for (const { name, infrastructure, notRecovered, degraded } of cells) {
    const row = side.rows.find((one) => one.name === name);
    assert.ok(row !== undefined);
    const { detection, recovery } = infrastructure;
    const expected = {
      'detection-coverage': detection.coverage,
      detected: detection.ofInjected,
      'recovery-coverage': recovery.coverage,
      'recovered-by-record': recovery.recordOnly,
      'not-back': notRecovered,
      degraded,
    };
    for (const [measure, { k, n }] of Object.entries(expected)) {
      const found: unknown = new Map(Object.entries(row.shares)).get(measure) ?? { k: 0, n: 0 };
      assert.deepEqual(found, { k, n }, `${name} ${measure}`);
    }
    assert.deepEqual(row.by, { management: recovery.byManagement, node: recovery.byNode });
    assert.equal(row.values['recovery-latency']?.length ?? 0, recovery.latency.n);
    assert.equal(row.values['detection-latency']?.length ?? 0, detection.latencyFromInjection.n);
  }
});

test('a trial that is not valid is in no share and no value', () => {
  const invalid = runSide(
    { ...large, trials: large.trials.map((trial) => ({ ...trial, valid: false })) },
    [],
  );
  assert.ok(
    invalid.rows.every(
      ({ shares, values }) => Object.keys(shares).length === 0 && Object.keys(values).length === 0,
    ),
  );
});

test('golden runs are a row of their own, first, and no cell', () => {
  const [first] = runSide(exampleMeasures, []).rows;
  assert.equal(first?.name, 'golden runs');
  assert.deepEqual(first.shares, {});
  const golden = exampleMeasures.trials.filter(({ fault }) => fault === undefined);
  assert.deepEqual(
    first.values.l50,
    golden.map(({ service }) => service?.after.latency.l50Us),
  );
});
