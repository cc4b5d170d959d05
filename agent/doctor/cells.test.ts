import assert from 'node:assert/strict';
import { test } from 'node:test';
import { descriptors } from '../../injectors/catalogue.ts';
import { cells } from '../../injectors/cell.ts';
import { cellsHere } from './cells.ts';

const everything = descriptors.map(({ name }) => ({ mechanism: name, supported: true }));

test('every cell of the fault model is told of, in its order', () => {
  assert.deepEqual(
    cellsHere(everything).map(({ cell }) => cell),
    cells,
  );
});

test('a substitute is told apart from what does the real thing', () => {
  const drop = cellsHere(everything).find(({ cell }) => cell === 'virtual.network.unavailability');
  assert.ok(drop !== undefined);
  assert.ok(drop.bySubstitute.includes('nft-drop'));
  assert.ok(!drop.by.includes('nft-drop'));
});

test('a mechanism that does not work here serves no cell here, and is named', () => {
  const without = everything.map((one) => ({ ...one, supported: one.mechanism !== 'cgroup-freeze' }));
  const cpu = cellsHere(without).find(({ cell }) => cell === 'virtual.cpu.unavailability');
  assert.ok(cpu !== undefined && !cpu.by.includes('cgroup-freeze'));
  assert.ok(cpu.notHere.includes('cgroup-freeze'));
});

test('the placebo serves no cell', () => {
  assert.ok(cellsHere(everything).every(({ by }) => !by.includes('noop')));
});
