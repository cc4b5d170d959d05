import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { descriptors } from '../injectors/catalogue.ts';
import { cells } from '../injectors/cell.ts';
import { compile } from './compile.ts';
import type { HostInventory } from './inventory.ts';
import { readCampaign } from './read.ts';

const capabilities = descriptors.map(({ name }) => ({
  mechanism: name,
  supported: true,
  reason: '',
  remedy: '',
}));
const inventory: readonly HostInventory[] = [
  {
    host: 'host-1',
    labels: {},
    resources: [
      { kind: 'nic', name: 'eth0' },
      { kind: 'disk', name: 'sda', protectedBecause: 'it holds the root filesystem' },
      { kind: 'disk', name: 'sdb' },
      { kind: 'container', name: 'bono' },
      { kind: 'container', name: 'target-homestead' },
      { kind: 'container', name: 'target-sprout' },
    ],
    capabilities,
  },
  { host: 'tester', labels: {}, resources: [], capabilities: [] },
];

// No substitute is allowed: every fault is the one that the fault model asks for.
const campaign = readCampaign(
  readFileSync(new URL('../campaigns/thesis.yaml', import.meta.url)),
  'thesis.yaml',
);
const { trials, definition } = compile(campaign, inventory);
const faulty = trials.flatMap(({ fault }) => (fault === undefined ? [] : [fault]));

test('the campaign of the thesis is 180 trials and golden runs: 60 in the host, 60 in each of two functions', () => {
  assert.equal(faulty.length, 180);
  assert.equal(trials.length - faulty.length, 15);
  const places = faulty.map(({ targets }) =>
    targets.map(({ host, kind, name }) => `${host} ${kind} ${name}`).join(),
  );
  const among = (pattern: RegExp): number => places.filter((place) => pattern.test(place)).length;
  assert.equal(among(/^host-1 (host|nic eth0|disk sdb)/), 60);
  assert.equal(among(/^host-1 container target-homestead$/), 60);
  assert.equal(among(/^host-1 container target-sprout$/), 60);
});

test('each of the 24 cells is in it, five times in the host and five times in each function', () => {
  for (const cell of cells) {
    const own = faulty.filter((fault) => fault.cell === cell).length;
    assert.equal(own, cell.startsWith('physical.') ? 5 : 10, cell);
  }
});

test('a fault comes 80 s after the load has begun, lasts 60 s, and the trial 300 s', () => {
  for (const { timeline } of trials) {
    const { warmUpUs, beforeUs, duringUs, afterUs } = timeline;
    assert.equal(warmUpUs + beforeUs, 80_000_000);
    assert.equal(duringUs, 60_000_000);
    assert.equal(warmUpUs + beforeUs + duringUs + afterUs, 300_000_000);
  }
  assert.equal(definition.slo.unavailabilityUs, 30_000_000);
});

test('each block holds every fault on every place once', () => {
  for (const repetition of [1, 2, 3, 4, 5]) {
    const block = trials.filter((trial) => trial.fault !== undefined && trial.repetition === repetition);
    const treatments = block.map(({ fault }) => `${fault?.name} ${fault?.targets[0]?.name}`);
    assert.equal(new Set(treatments).size, 36);
    assert.equal(treatments.length, 36);
  }
});
