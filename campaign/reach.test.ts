import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FaultPlan } from './plan.ts';
import { reachOfPlan } from './reach.ts';

const faulty = (cell: string, repetition: number) => ({ repetition, fault: { cell } as FaultPlan });
const golden = { repetition: 1 };

/** A golden run before each of the blocks, each cell once in it. */
function plan(blocks: number, cells: number) {
  return Array.from({ length: blocks }, (_, block) => [
    golden,
    ...Array.from({ length: cells }, (_, cell) => faulty(`virtual.cpu.${cell}`, block + 1)),
  ]).flat();
}

test('twelve cells, five repetitions and five golden runs can reach 0.095, which is 24 of 252', () => {
  const found = reachOfPlan(plan(5, 12));
  assert.deepEqual(found && { ...found, smallest: 0 }, { cells: 12, goldenRuns: 5, trials: 5, smallest: 0 });
  assert.ok(Math.abs((found?.smallest ?? NaN) - 24 / 252) < 1e-12);
});

test('what counts is the cell that has the fewest trials', () => {
  const found = reachOfPlan([
    ...plan(5, 1),
    ...[2, 3].map((repetition) => faulty('virtual.cpu.other', repetition)),
  ]);
  // Two against five: 2 of 21 ways, times two cells.
  assert.equal(found?.trials, 2);
  assert.ok(Math.abs(found.smallest - 4 / 21) < 1e-12);
});

test('ten blocks of one against one reach 0.002 within them, so the blocks are kept', () => {
  const found = reachOfPlan(plan(10, 1));
  assert.ok(Math.abs((found?.smallest ?? NaN) - 2 / 1024) < 1e-12);
});

test('without a golden run nothing can be told apart, and without a fault there is nothing to compare', () => {
  assert.equal(reachOfPlan([faulty('virtual.cpu.delay', 1)])?.smallest, 1);
  assert.equal(reachOfPlan([golden]), undefined);
});

test('a combination is a cell of its own, and no golden run', () => {
  const faults = ['a', 'b'].map((cell) => ({
    fault: { cell: `virtual.cpu.${cell}` } as unknown as FaultPlan,
    seed: 1,
    atUs: 0,
    durationUs: 1,
  }));
  const combined = { repetition: 1, combination: { name: 'both', weight: 1, faults } };
  const found = reachOfPlan([...plan(1, 1), combined]);
  assert.equal(found?.cells, 2);
  assert.equal(found.goldenRuns, 1);
});
