import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { descriptors } from '../injectors/catalogue.ts';
import { compile } from './compile.ts';
import { faultsOf } from './faults-of.ts';
import { campaignIn, good } from './good-file.example.ts';
import type { HostInventory } from './inventory.ts';
import { examineCampaign } from './read.ts';

const able = descriptors.map(({ name }) => ({ mechanism: name, supported: true, reason: '', remedy: '' }));
const inventory = ['host-1', 'host-2', 'tester'].map((host): HostInventory => {
  const web = { kind: 'container', name: 'web' } as const;
  return { host, labels: {}, resources: [web, { kind: 'nic', name: 'eth0' }], capabilities: able };
});

/** The good file with combinations, whose timeline has during: 4s. */
function withCombinations(combinations: string, text = good): string {
  return text.replace('slo:', `combinations: ${combinations}\nslo:`);
}

const graded = good.replace(
  'intensity: { share: 2%, period: 100ms }',
  'intensities: [{ name: light, intensity: { share: 50% } }, { name: heavy, intensity: { share: 2% } }]',
);

describe('a combination', () => {
  const overlapping = withCombinations(
    '[{ name: both, weight: 2, faults: [{ fault: cut-host, at: 3s, during: 2s }, { fault: freeze-replica }] }]',
  );

  test('is one trial in each repetition, its faults in the order of their beginnings', () => {
    const { trials } = compile({ ...campaignIn(overlapping), repetitions: 2 }, inventory);
    const combined = trials.filter(({ combination }) => combination !== undefined);
    assert.deepEqual(
      combined.map(({ repetition }) => repetition),
      [1, 2],
    );
    for (const trial of combined) {
      assert.equal(trial.fault, undefined);
      assert.equal(trial.combination?.weight, 2);
      assert.deepEqual(
        faultsOf(trial).map(({ fault, atUs, durationUs }) => [fault.name, atUs, durationUs]),
        [
          ['freeze-replica', 0, 4_000_000],
          ['cut-host', 3_000_000, 2_000_000],
        ],
      );
    }
  });

  test('lasts from the beginning of its first fault to the end of its last', () => {
    const { trials, warnings } = compile(campaignIn(overlapping), inventory);
    const combined = trials.find(({ combination }) => combination !== undefined);
    assert.equal(combined?.timeline.duringUs, 5_000_000);
    assert.ok(warnings.some((warning) => warning.startsWith('combination "both" lasts 5s, longer than')));
  });

  test('leaves every other trial as it is without it', () => {
    const alone = compile(campaignIn(good), inventory).trials;
    const beside = compile(campaignIn(overlapping), inventory).trials;
    const seeds = (trials: typeof alone) =>
      new Map(trials.map(({ fault, seed }) => [fault?.name, seed] as const));
    const found = seeds(beside.filter(({ combination }) => combination === undefined));
    assert.deepEqual([...found].sort(), [...seeds(alone)].sort());
    assert.equal(beside.length, alone.length + 1);
  });

  test('gives each of its faults a seed of its own', () => {
    const text = withCombinations(
      '[{ name: twice, faults: [{ fault: cut-host, during: 1s }, { fault: cut-host, at: 2s, during: 1s }] }]',
    );
    const trial = compile(campaignIn(text), inventory).trials.find(({ combination }) => combination);
    assert.ok(trial !== undefined);
    const faults = faultsOf(trial);
    assert.deepEqual(
      faults.map(({ fault }) => fault.name),
      ['cut-host', 'cut-host#2'],
    );
    assert.equal(new Set([trial.seed, ...faults.map(({ seed }) => seed)]).size, 3);
  });

  test('takes the intensity that it names', () => {
    const text = withCombinations(
      '[{ name: both, faults: [{ fault: starve-replica, intensity: heavy }, { fault: cut-host }] }]',
      graded,
    );
    const trial = compile(campaignIn(text), inventory).trials.find(({ combination }) => combination);
    assert.deepEqual(trial?.combination?.faults[0]?.fault.parameters, { share: '2%', period: '100ms' });
  });
});

const ruled = good.replace(
  'slo:',
  `watch: [{ name: log, host: host-1, log: { file: /var/log/web } }]
rules: [{ name: restart, source: log, pattern: starting, means: recovery-begun, by: node }]
slo:`,
);

describe('a fault that waits for the infrastructure', () => {
  test('comes after those that do not, and the trial has room for its latest end', () => {
    const text = withCombinations(
      '[{ name: amid, faults: [{ fault: cut-host, upon: recovery-begun, within: 10s, at: 1s, during: 2s }, { fault: kill-replica }] }]',
      ruled,
    );
    const trial = compile(campaignIn(text), inventory).trials.find(({ combination }) => combination);
    assert.deepEqual(
      trial?.combination?.faults.map(({ fault, atUs, upon }) => [fault.name, atUs, upon]),
      [
        ['kill-replica', 0, undefined],
        ['cut-host', 1_000_000, { means: 'recovery-begun', withinUs: 10_000_000 }],
      ],
    );
    assert.equal(trial.timeline.duringUs, 13_000_000);
  });
});

describe('each mistake in a combination is told with its place', () => {
  const both = (faults: string) => `[{ name: both, faults: [${faults}] }]`;
  const mistakes: readonly [string, string, string, RegExp, string?][] = [
    [
      'a fault that is not there',
      both('{ fault: cut-hosts }, { fault: freeze-replica }'),
      'combinations[0].faults[0].fault',
      /is "cut-hosts", which is not the name of a fault; did you mean "cut-host"\? \(there are: kill-replica,/,
    ],
    [
      'one fault alone',
      both('{ fault: cut-host }'),
      'combinations[0].faults',
      /must hold at least two faults; one by itself belongs into the faultload/,
    ],
    [
      'the name of a fault',
      '[{ name: cut-host, faults: [{ fault: cut-host }, { fault: freeze-replica }] }]',
      'combinations[0].name',
      /is "cut-host", the name of a fault of the faultload; it must be unique/,
    ],
    [
      'a name given twice',
      '[{ name: a, faults: [{ fault: cut-host }, { fault: freeze-replica }] }, { name: a, faults: [{ fault: cut-host }, { fault: kill-replica }] }]',
      'combinations[1].name',
      /is "a", the name of combinations\[0\]; it must be unique/,
    ],
    [
      'a beginning without a fault',
      both('{ fault: cut-host, at: 1s }, { fault: freeze-replica, at: 2s }'),
      'combinations[0].faults',
      /begin 1s late: one of them has to begin at 0s/,
    ],
    [
      'the same fault twice at once',
      both('{ fault: cut-host }, { fault: cut-host, at: 3999ms }'),
      'combinations[0].faults[1].fault',
      /is "cut-host", which is there at that time already \(faults\[0\]\)/,
    ],
    [
      'no intensity where there are several',
      both('{ fault: starve-replica }, { fault: cut-host }'),
      'combinations[0].faults[0].intensity',
      /is missing: "starve-replica" has several, and the combination needs one of them \(light, heavy\)/,
      graded,
    ],
    [
      'an intensity that is not there',
      both('{ fault: starve-replica, intensity: havy }, { fault: cut-host }'),
      'combinations[0].faults[0].intensity',
      /is "havy", which is not an intensity of "starve-replica"; did you mean "heavy"\?/,
      graded,
    ],
    [
      'an intensity of a fault that lists none',
      both('{ fault: cut-host, intensity: heavy }, { fault: freeze-replica }'),
      'combinations[0].faults[0].intensity',
      /the fault "cut-host" lists no intensities: leave it out/,
    ],
    [
      'a fault with trials of its own on each target',
      both('{ fault: cut-host }, { fault: freeze-replica }'),
      'combinations[0].faults[0].fault',
      /has trials of its own on each of its targets/,
      good.replace('target: { host: host-1, nic: eth0 }', 'target: { host: host-*, nic: eth0, pick: each }'),
    ],
    [
      'a wait without an end',
      both('{ fault: cut-host }, { fault: freeze-replica, upon: recovery-begun }'),
      'combinations[0].faults[1].within',
      /is missing: how long recovery-begun is waited for, such as 20s/,
      ruled,
    ],
    [
      'a wait for what no rule tells',
      both('{ fault: cut-host }, { fault: freeze-replica, upon: detection, within: 9s }'),
      'combinations[0].faults[1].upon',
      /is detection, which no rule of the file tells \(the rules tell recovery-begun\)/,
      ruled,
    ],
    [
      'a wait for what nothing can mean',
      both('{ fault: cut-host }, { fault: freeze-replica, upon: restart, within: 9s }'),
      'combinations[0].faults[1].upon',
      /must be detection, recovery-begun, recovery-done/,
      ruled,
    ],
    [
      'an end of a wait for nothing',
      both('{ fault: cut-host }, { fault: freeze-replica, within: 9s }'),
      'combinations[0].faults[1].within',
      /is only of a fault that waits for something \(upon\)/,
    ],
    [
      'faults that all wait',
      both(
        '{ fault: cut-host, upon: recovery-begun, within: 9s }, { fault: freeze-replica, upon: recovery-begun, within: 9s }',
      ),
      'combinations[0].faults',
      /all wait for the infrastructure: one of them has to begin at 0s/,
      ruled,
    ],
    [
      'the same fault, where a wait may bring it twice at once',
      both('{ fault: cut-host, during: 1s }, { fault: cut-host, upon: recovery-begun, within: 9s }'),
      'combinations[0].faults[1].fault',
      /is "cut-host", which is there at that time already/,
      ruled,
    ],
    [
      'a time without a unit',
      both('{ fault: cut-host }, { fault: freeze-replica, at: 3 }'),
      'combinations[0].faults[1].at',
      /is 3; it has no unit/,
    ],
  ];
  for (const [what, combinations, path, says, text] of mistakes) {
    test(what, () => {
      const examined = examineCampaign(withCombinations(combinations, text), { allowSubstitute: true });
      assert.ok('problems' in examined, 'it was found valid');
      assert.deepEqual(
        examined.problems.map((problem) => problem.path),
        [path],
      );
      assert.match(examined.problems[0]?.message ?? '', says);
      assert.ok((examined.problems[0]?.line ?? 0) > 1);
    });
  }
});
