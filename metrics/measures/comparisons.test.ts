import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareIn, compareWithGolden } from './comparisons.ts';
import { madeTrialMeasures } from './made-trial.example.ts';
import type { TrialMeasures } from './measures.ts';

const about = (found: number | 'unknown' | undefined, expected: number): void => {
  assert.ok(typeof found === 'number' && Math.abs(found - expected) < 1e-12, `${found} is not ${expected}`);
};

/** In the order of the plan: a golden run before each block, and in it every cell once. */
function campaign(
  blocks: number,
  cells: number,
  l90Of: (cell: number, block: number) => number,
): TrialMeasures[] {
  return Array.from({ length: blocks }, (_, block) => [
    madeTrialMeasures(`g${block}`, { repetition: block + 1, l90Us: l90Of(-1, block) }),
    ...Array.from({ length: cells }, (_, cell) =>
      madeTrialMeasures(`t${block}-${cell}`, {
        cell: `virtual.cpu.${cell}`,
        repetition: block + 1,
        l90Us: l90Of(cell, block),
      }),
    ),
  ]).flat();
}

test('five trials that are all slower than five golden runs: delta 1, p 0.0079, distinguishable where it is the only cell', () => {
  const trials = campaign(5, 1, (cell, block) => (cell + 1) * 1_000_000 + block);
  const [found] = compareIn(trials, 'cell', 'l90', 1);
  assert.deepEqual(
    [found?.name, found?.n, found?.golden, found?.within],
    ['virtual.cpu.0', 5, 5, 'campaign'],
  );
  assert.equal(found?.delta === 'unknown' ? found.delta : found?.delta.value, 1);
  about(found?.p, 2 / 252);
  about(found?.corrected, 2 / 252);
  assert.equal(found?.distinguishable, true);
});

test('the same among twelve such cells is 0.095 after the correction: not distinguishable, and no design of that size could be', () => {
  const trials = campaign(5, 12, (cell, block) => (cell + 1) * 1_000_000 + block);
  for (const found of compareIn(trials, 'cell', 'l90', 1)) {
    about(found.p, 2 / 252);
    about(found.corrected, 24 / 252);
    about(found.smallest, 24 / 252);
    assert.equal(found.distinguishable, false);
  }
});

test('the correction is of one measure by itself, and cells and faults are families of their own', () => {
  const found = compareWithGolden(
    campaign(5, 3, (cell, block) => (cell === 0 ? 1_000_000 : 0) + block),
    1,
  );
  assert.equal(found.length, 4 * 3 + 4);
  const l90 = found.filter(({ measure, by }) => measure === 'l90' && by === 'cell');
  about(l90[0]?.corrected, (3 * 2) / 252);
  assert.deepEqual(
    l90.map(({ distinguishable }) => distinguishable),
    [true, false, false],
  );
  // All are one fault by name: 15 trials, of which ten are as the golden runs.
  const [fault] = found.filter(({ measure, by }) => measure === 'l90' && by === 'fault');
  assert.deepEqual([fault?.name, fault?.n], ['freeze', 15]);
});

test('where a block has enough of both, what lies between the blocks does not hide what is within them', () => {
  // Three against three in each of two blocks; the second block is slower than the first by far.
  const block = (number: number, level: number): TrialMeasures[] => [
    ...[0, 1, 2].map((place) => madeTrialMeasures(`g${number}${place}`, { l90Us: level + place })),
    ...[3, 4, 5].map((place) =>
      madeTrialMeasures(`t${number}${place}`, {
        cell: 'virtual.cpu.delay',
        repetition: number,
        l90Us: level + place,
      }),
    ),
  ];
  const [found] = compareIn([...block(1, 1000), ...block(2, 2000)], 'cell', 'l90', 1);
  assert.equal(found?.within, 'blocks');
  about(found.p, 2 / 400);
});

test('what failed is above all that did not, what is not known is left out, and what does not count does not count', () => {
  const l90s = [5, 'failed', 'unknown'] as const;
  const trials = [
    ...[1, 2].map((l90Us) => madeTrialMeasures(`g${l90Us}`, { l90Us })),
    ...l90s.map((l90Us) => madeTrialMeasures(`t${l90Us}`, { cell: 'a.b.c', l90Us })),
    madeTrialMeasures('t9', { cell: 'a.b.c', l90Us: 0, changes: { valid: false } }),
  ];
  const [found] = compareIn(trials, 'cell', 'l90', 1);
  assert.deepEqual([found?.n, found?.golden], [2, 2]);
  assert.equal(found?.delta === 'unknown' ? found.delta : found?.delta.value, 1);
  about(found?.p, 2 / 6);
});

test('without a golden run nothing can be said', () => {
  const [found] = compareIn([madeTrialMeasures('t1', { cell: 'a.b.c', l90Us: 3 })], 'cell', 'l90', 1);
  assert.deepEqual(
    [found?.delta, found?.p, found?.corrected, found?.distinguishable, found?.smallest],
    ['unknown', 'unknown', 'unknown', 'unknown', 1],
  );
  assert.equal(found !== undefined && 'method' in found, false);
});
