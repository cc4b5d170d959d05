import assert from 'node:assert/strict';
import { test } from 'node:test';
import { madeDefinition, second } from './made-attempt.example.ts';
import { madeTrialMeasures } from './made-trial.example.ts';
import { widthsOf } from './narrowness.ts';
import { groupsOf } from './references.ts';

const [cpu, net] = ['virtual.cpu.delay', 'virtual.network.delay'];
/** U of two cells: of 1 to 5 s, and of 7 s each time. */
const trials = [1, 2, 3, 4, 5].flatMap((us) => [
  madeTrialMeasures(`c${us}`, { cell: cpu, us: us * second }),
  madeTrialMeasures(`n${us}`, { cell: net, us: 7 * second }),
]);
const groups = groupsOf(trials, madeDefinition);

test('the widest of the groups counts, from the lower end of its interval to the upper', () => {
  const spread = groups
    .find(({ name }) => name === cpu)
    ?.spreads.find(({ measure }) => measure === 'unavailability');
  const { low, high } = spread?.median ?? {};
  assert.deepEqual([low, high], [1 * second, 5 * second]);
  const asked = (width: number) =>
    widthsOf(groups, { narrow: [{ measure: 'unavailability', by: 'cell', width }], atLeast: 5 });
  assert.deepEqual(asked(4 * second), [
    { measure: 'unavailability', name: cpu, width: 4 * second, asked: 4 * second, isNarrow: true },
  ]);
  assert.equal(asked(4 * second - 1)[0]?.isNarrow, false);
});

test('what is not known is not narrow: a group without a trial that says it, an interval without an end', () => {
  const never = [1, 2, 3, 4, 5].map((us) =>
    madeTrialMeasures(`c${us}`, { cell: cpu, us: us * second, recovered: us !== 5 }),
  );
  const unavailability = { measure: 'unavailability', by: 'all', width: 3600 * second } as const;
  assert.deepEqual(
    [groupsOf(never, madeDefinition), []].map(
      (some) => widthsOf(some, { narrow: [unavailability], atLeast: 5 })[0]?.width,
    ),
    ['unknown', 'unknown'],
  );
});

test('trials that say nothing are no repetitions: the interval of a median of fewer than are run in any case is not known', () => {
  const unavailability = { measure: 'unavailability', by: 'cell', width: 3600 * second } as const;
  const oneOfTwo = groupsOf(
    [
      madeTrialMeasures('c1', { cell: cpu, us: second }),
      { ...madeTrialMeasures('c2', { cell: cpu, us: second }), valid: false },
    ],
    madeDefinition,
  );
  const [found] = widthsOf(oneOfTwo, { narrow: [unavailability], atLeast: 2 });
  assert.deepEqual([found?.width, found?.isNarrow], ['unknown', false]);
});
