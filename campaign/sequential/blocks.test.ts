import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compile } from '../compile.ts';
import { broken, campaignIn } from '../good-file.example.ts';
import { fatesAtPlan } from '../pruning/at-plan.ts';
import { examineCampaign } from '../read.ts';
import { descriptors } from '../../injectors/catalogue.ts';
import { blocksToRun } from './blocks.ts';

const able = descriptors.map(({ name }) => ({ mechanism: name, supported: true, reason: '', remedy: '' }));
const inventory = ['host-1', 'tester'].map((host) => ({
  host,
  labels: {},
  resources: [
    { kind: 'container' as const, name: 'web' },
    { kind: 'nic' as const, name: 'eth0' },
  ],
  capabilities: able,
}));

/** Five faults, six repetitions, three golden runs: before all, amid them, after all. */
function withUntil(until: string): string {
  return broken('repetitions: 1\ngoldenRuns: 1', `repetitions: 6\ngoldenRuns: 3\nuntil: ${until}`);
}

test('a block holds its trials and the golden runs before them; the last golden run is of none', () => {
  const { trials } = compile(campaignIn(withUntil('{ time: 1h }')), inventory);
  const blocks = blocksToRun(trials);
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6].map((block) => blocks.filter((one) => one === block).length),
    [6, 5, 5, 6, 5, 5],
  );
  assert.equal(blocks.at(-1), 0);
  assert.equal(trials.at(-1)?.fault, undefined);
});

test('when the plan is made, the blocks that are run in any case and the last golden run are certain, the rest is open', () => {
  const plan = compile(campaignIn(withUntil('{ time: 1h, atLeast: 3 }')), inventory);
  const fates = fatesAtPlan(plan.trials, plan);
  assert.equal(fates.filter((fate) => fate === 'runs').length, 6 + 5 + 5 + 1);
  assert.equal(fates.filter((fate) => fate === 'open').length, 6 + 5 + 5);
});

const mistakes: readonly (readonly [until: string, told: RegExp])[] = [
  ['{}', /until: must hold narrow, time or both/],
  [
    '{ narrow: [{ measure: l50, within: 20% }] }',
    /until\.narrow\[0\]\.within: is "20%"; it must be a duration/,
  ],
  ['{ narrow: [{ measure: detection, within: 20ms }] }', /until\.narrow\[0\]\.within: .*must be a share/],
  ['{ time: 1h, atLeast: 6 }', /until: decides nothing: 6 repetitions are run in any case/],
];
for (const [until, told] of mistakes)
  test(`until: ${until} is refused`, () => {
    const examined = examineCampaign(withUntil(until), { allowSubstitute: true });
    assert.ok('problems' in examined);
    assert.match(examined.problems.map(({ path, message }) => `${path}: ${message}`).join('\n'), told);
  });

test('an interval has the unit of its measure', () => {
  const asked = '[{ measure: throughput, within: 30/m }, { measure: recovery, by: all, within: 20% }]';
  assert.deepEqual(campaignIn(withUntil(`{ narrow: ${asked} }`)).until, {
    narrow: [
      { measure: 'throughput', by: 'cell', width: 0.5 },
      { measure: 'recovery', by: 'all', width: 0.2 },
    ],
    atLeast: 5,
  });
});
