import assert from 'node:assert/strict';
import { test } from 'node:test';
import { madeDefinition } from '../measures/made-attempt.example.ts';
import { savedConditions } from './saved-conditions.ts';

const timeline = { warmUpUs: 1e6, beforeUs: 3e6, duringUs: 4e6, afterUs: 6e6, horizonUs: 0 };
const fault = {
  name: 'starve',
  cell: 'virtual.cpu.delay',
  mechanism: 'cpu-quota',
  parameters: { share: 0.002, periodUs: 500_000 },
  mode: { kind: 'permanent' },
  onRestart: 'end',
  targets: [{ host: 'host-1', kind: 'container', name: 'web' }],
};
const plan = {
  workload: {
    host: 'tester',
    driver: 'http',
    options: { url: 'http://a/', load: { shape: 'flat', rate: '250/s' } },
  },
  trials: [{ timeline }, { fault, timeline }, { fault: { ...fault, mechanism: 'cpu-burn' }, timeline }],
};

function said(what: string, of: unknown = plan): (string | undefined)[][] {
  return savedConditions(of, madeDefinition)
    .filter((one) => one.what === what)
    .map(({ said: text, row }) => [row, text]);
}

test('the load is told in all that is asked of it, but not where it goes', () => {
  assert.deepEqual(said('load: load.rate'), [[undefined, '250/s']]);
  assert.deepEqual(said('load driver'), [[undefined, 'http']]);
  assert.deepEqual(said('load: url'), []);
});

test('faults and timelines are told for each row, each thing once', () => {
  assert.deepEqual(said('mechanism'), [['virtual.cpu.delay', 'cpu-burn; cpu-quota']]);
  assert.deepEqual(said('intensity: share'), [['virtual.cpu.delay', '0.002']]);
  assert.deepEqual(said('targets'), [['virtual.cpu.delay', 'container']]);
  assert.deepEqual(said('after the fault'), [
    ['golden runs', '6s'],
    ['virtual.cpu.delay', '6s'],
  ]);
});

test('the definition of the measures is told with the measures that it changes', () => {
  const within = savedConditions(plan, madeDefinition).find(({ what }) => what === 'recovery within');
  assert.deepEqual(within, {
    what: 'recovery within',
    said: '25s',
    affects: ['recovery-coverage', 'recovery-latency'],
  });
});

test('a plan that says nothing of its load leaves that unsaid', () => {
  assert.deepEqual(said('load driver', { trials: [] }), []);
  assert.ok(savedConditions('no plan', madeDefinition).length > 0);
});

test('a combination has a row of its own, in which each of its faults is told', () => {
  const timed = { fault, atUs: 0, durationUs: 2_000_000 };
  const later = { ...timed, fault: { ...fault, mechanism: 'cpu-burn' }, atUs: 1_000_000 };
  const combined = { ...plan, trials: [{ timeline }, { combination: { faults: [timed, later] }, timeline }] };
  const row = `${fault.cell} + ${fault.cell}`;
  assert.deepEqual(said('fault 2: mechanism', combined), [[row, 'cpu-burn']]);
  assert.deepEqual(said('fault 2: begins', combined), [[row, '1s']]);
  assert.deepEqual(said('after the fault', combined), [
    ['golden runs', '6s'],
    [row, '6s'],
  ]);
});
