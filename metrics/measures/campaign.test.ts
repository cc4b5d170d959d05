import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Outcome } from '../../events/sample-columns.ts';
import { measureCampaign, type CampaignParts } from './campaign.ts';
import { encodeMeasures } from './encode.ts';
import { load, madeAttempt, madeDefinition, madeFault, second, type Made } from './made-attempt.example.ts';
import type { TrialMeasures } from './measures.ts';
import { proportion } from './proportion.ts';
import { measureAttempt } from './trial.ts';

const slo = { unavailabilityUs: 6 * second };
const definition = { ...madeDefinition, slo };

interface Shape extends Omit<Made, 'made'> {
  /** How long the service was away, from 1 s after the injection on. */
  readonly holeS?: number;
  readonly fault?: Partial<typeof madeFault>;
}

function trial(id: string, { holeS, fault, ...more }: Shape = {}): TrialMeasures {
  const isAway = (atUs: number): boolean => atUs >= 116 * second && atUs < (116 + (holeS ?? 0)) * second;
  const failed = (atUs: number): Outcome => (isAway(atUs) ? 'timeout' : 'ok');
  const attempt = madeAttempt({ made: load(100 * second, 166 * second, 20, failed), slo, ...more });
  const plan = more.golden === true ? attempt.plan : { ...attempt.plan, fault: { ...madeFault, ...fault } };
  return { ...measureAttempt({ ...attempt, plan }), trial: id };
}

const parts = (trials: readonly TrialMeasures[], more: Partial<CampaignParts> = {}): CampaignParts => ({
  campaign: 'made',
  name: 'made',
  outcome: 'completed',
  definition,
  planned: trials.map(({ trial }) => trial),
  trials,
  notCounted: [],
  ...more,
});

test('one failed trial fails the campaign; else one unknown makes it unknown; else it passes', () => {
  const [pass, fail, unknown] = [trial('a'), trial('b', { holeS: 7 }), trial('c', { effects: 0 })];
  assert.equal(measureCampaign(parts([pass, fail, unknown])).verdict, 'fail');
  assert.equal(measureCampaign(parts([pass, unknown])).verdict, 'unknown');
  assert.equal(measureCampaign(parts([pass])).verdict, 'pass');
});

test('a campaign that did not run to its end is unknown, even where all that ran has passed', () => {
  const aborted = measureCampaign(parts([trial('a')], { outcome: 'aborted', planned: ['a', 'b'] }));
  assert.equal(aborted.verdict, 'unknown');
  assert.deepEqual(aborted.notRun, ['b']);
  assert.deepEqual(aborted.reasons, ['the campaign was aborted', '1 of 2 trials were not run']);
});

test('what a policy left out is neither missing nor in any number', () => {
  const pruned = [{ trial: 'b', policy: 'unlikely', grounds: 'likelihood: 0.0005' }];
  const measures = measureCampaign(parts([trial('a')], { planned: ['a', 'b'], pruned }));
  assert.deepEqual([measures.verdict, measures.notRun, measures.pruned], ['pass', [], pruned]);
  assert.deepEqual({ ...measures, pruned: [] }, { ...measureCampaign(parts([trial('a')])), pruned: [] });
});

test('trials stand in the order of the plan', () => {
  const { trials } = measureCampaign(parts([trial('a'), trial('b')], { planned: ['b', 'a'] }));
  assert.deepEqual(
    trials.map(({ trial }) => trial),
    ['b', 'a'],
  );
});

test('the groups count what exceeds, its extremes, what did not recover and the mean of the rest', () => {
  // U: 2 s, 8 s, none, and open at the end (away from 116 s on, 49 s until 165 s).
  const trials = [
    trial('a', { holeS: 2 }),
    trial('b', { holeS: 8, fault: { weight: 3 } }),
    trial('c', { fault: { cell: 'physical.network.delay', rootCause: 'hw' } }),
    trial('d', { holeS: 60 }),
    trial('e', { effects: 0, holeS: 20 }),
  ];
  const { groups } = measureCampaign(parts(trials));
  const [all] = groups;
  assert.ok(all !== undefined);
  assert.deepEqual([all.by, all.trials, all.valid], ['all', 5, 4]);
  const [unavailable] = all.exceeding;
  assert.deepEqual(
    [unavailable?.trials.k, unavailable?.trials.n, unavailable?.trials.weighted],
    [2, 4, 4 / 6],
  );
  assert.deepEqual([all.notRecovered.k, all.notRecovered.n], [1, 4]);
  assert.equal(all.maxUnavailabilityUs, 8 * second);
  assert.equal(all.meanUnavailabilityUs, (10 * second) / 3);
  assert.equal(all.weightedMeanUnavailabilityUs, ((2 + 3 * 8) * second) / 5);
  assert.equal(all.maxL90Us, 'failed');
  assert.equal(all.minThroughputPerS, 0);
  assert.deepEqual(
    all.limits.map(({ limitUs, above }) => [limitUs / second, above.k]),
    [
      [5, 2],
      [6, 2],
      [15, 1],
      [25, 1],
      [30, 1],
    ],
  );
  assert.deepEqual(
    groups.map(({ by, name, trials }) => [by, name, trials]),
    [
      ['all', 'all', 5],
      ['cell', 'physical.network.delay', 1],
      ['cell', 'virtual.cpu.unavailability', 4],
      ['layer', 'physical', 1],
      ['layer', 'virtual', 4],
      ['root-cause', 'hw', 1],
      ['root-cause', 'sw', 4],
      ['target', 'host-1/container/web', 5],
    ],
  );
});

test('a fault on two targets is in the group of each', () => {
  const targets = [
    { host: 'host-1', kind: 'nic', name: 'eth0' },
    { host: 'host-2', kind: 'nic', name: 'eth0' },
  ];
  const { groups } = measureCampaign(parts([trial('a', { fault: { targets } })]));
  assert.deepEqual(
    groups.filter(({ by }) => by === 'target').map(({ name }) => name),
    ['host-1/nic/eth0', 'host-2/nic/eth0'],
  );
});

test('after is degraded where it is worse than before and than the golden runs', () => {
  const golden = trial('g', { golden: true });
  const [away] = measureCampaign(parts([trial('a', { holeS: 60 }), golden])).trials;
  assert.deepEqual(away?.degradation, {
    latencyFromBefore: true,
    latencyFromGolden: true,
    throughputFromBefore: true,
    throughputFromGolden: true,
    degraded: true,
    degradedDuring: true,
  });
  const [back] = measureCampaign(parts([trial('a', { holeS: 5 }), golden])).trials;
  assert.deepEqual([back?.degradation.degraded, back?.degradation.degradedDuring], [false, true]);
});

test('what the golden runs suffer too is no degradation; a golden run is not compared with itself', () => {
  const golden = trial('g', { golden: true, holeS: 60 });
  const { trials } = measureCampaign(parts([trial('a', { holeS: 60 }), golden]));
  assert.equal(trials[0]?.degradation.throughputFromGolden, false);
  assert.equal(trials[1]?.degradation.throughputFromGolden, 'unknown');
});

test('the groups count what came of the faults, whether their trials count or not; golden runs come to nothing', () => {
  const trials = [
    trial('a', { holeS: 2 }),
    trial('b', { holeS: 60 }),
    trial('c', { holeS: 60 }),
    trial('d', { effects: 0 }),
    trial('e', { golden: true }),
  ];
  const { groups } = measureCampaign(parts(trials));
  assert.deepEqual(
    groups.slice(0, 3).map(({ by, outcomes }) => [by, outcomes]),
    [
      ['all', { 'not-recovered': 2, 'recovered-by-unknown': 1, 'not-activated': 1 }],
      ['golden', {}],
      ['cell', { 'not-recovered': 2, 'recovered-by-unknown': 1, 'not-activated': 1 }],
    ],
  );
});

test('golden runs are a group of their own', () => {
  const { groups } = measureCampaign(parts([trial('g', { golden: true })]));
  assert.deepEqual(
    groups.map(({ by, trials, maxUnavailabilityUs }) => [by, trials, maxUnavailabilityUs]),
    [['golden', 1, 0]],
  );
});

test("the intervals are Wilson's: the thesis's 57 of 60, 45 of 60 and 53 of 57", () => {
  const interval = (k: number, n: number): string[] => {
    const cases = Array.from({ length: n }, (_, index) => ({ holds: index < k, weight: 1 }));
    const { low, high } = proportion(cases);
    return [low.toFixed(4), high.toFixed(4)];
  };
  assert.deepEqual(interval(57, 60), ['0.8630', '0.9829']);
  assert.deepEqual(interval(45, 60), ['0.6277', '0.8422']);
  assert.deepEqual(interval(53, 57), ['0.8330', '0.9724']);
  assert.deepEqual(interval(0, 5), ['0.0000', '0.4345']);
  assert.deepEqual(interval(0, 0), ['0.0000', '1.0000']);
});

test('an interval holds its share, and lies within 0 and 1', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(200), (n, most) => {
      const k = Math.min(n, most);
      const cases = Array.from({ length: n }, (_, index) => ({ holds: index < k, weight: 1 }));
      const { low, high, share } = proportion(cases);
      assert.ok(0 <= low && low <= Number(share) && Number(share) <= high && high <= 1);
    }),
  );
});

test('the same measures are the same bytes, whatever the order of the keys, and end with a newline', () => {
  const measures = measureCampaign(parts([trial('a')]));
  const text = encodeMeasures(measures);
  const turned = Object.fromEntries(Object.entries(measures).reverse()) as unknown as typeof measures;
  assert.equal(encodeMeasures(turned), text);
  assert.equal(encodeMeasures(JSON.parse(text) as typeof measures), text);
  assert.ok(text.endsWith('}\n'));
  assert.doesNotMatch(text, /Infinity|NaN|null/);
});

test('a fault with several intensities is a group at each of them, and one without is in none', () => {
  const at = (intensity: string) => ({ fault: { name: 'starve', intensity } });
  const trials = [
    trial('a', at('light')),
    trial('b', { ...at('heavy'), holeS: 7 }),
    trial('c', { ...at('heavy'), holeS: 9 }),
    trial('d'),
  ];
  const graded = measureCampaign(parts(trials)).groups.filter(({ by }) => by === 'intensity');
  assert.deepEqual(
    graded.map((group) => [group.name, group.trials, group.exceeding[0]?.trials.k]),
    [
      ['starve (heavy)', 2, 2],
      ['starve (light)', 1, 0],
    ],
  );
});
