import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { OrdealError } from '../errors/ordeal-error.ts';
import { descriptors } from '../injectors/catalogue.ts';
import type { Campaign } from './campaign.ts';
import { compile } from './compile.ts';
import type { HostInventory } from './inventory.ts';
import { readCampaign } from './read.ts';
import { seedFor } from './seed.ts';

const fiveFaults = readCampaign(
  readFileSync(new URL('../test/campaigns/five-faults.yaml', import.meta.url)),
  'five-faults.yaml',
  { allowSubstitute: true },
);

const able = descriptors.map(({ name }) => ({ mechanism: name, supported: true, reason: '', remedy: '' }));

function nfvi(host: string, parts: Partial<HostInventory> = {}): HostInventory {
  return {
    host,
    labels: { role: 'nfvi' },
    resources: [
      { kind: 'container', name: 'web' },
      { kind: 'nic', name: 'eth0' },
    ],
    capabilities: able,
    ...parts,
  };
}

const tester: HostInventory = { host: 'tester', labels: { role: 'tester' }, resources: [], capabilities: [] };
const here = [nfvi('host-1'), nfvi('host-2'), tester];

function refusal(campaign: Campaign, inventory: readonly HostInventory[]): OrdealError {
  try {
    compile(campaign, inventory);
  } catch (error) {
    assert.ok(error instanceof OrdealError);
    return error;
  }
  assert.fail('it compiled');
}

/** Faults that differ by name only, on any NFVI host. */
function campaignOf(seed: number, faults: number, repetitions: number, goldenRuns: number): Campaign {
  const [fault] = fiveFaults.faultload;
  assert.ok(fault !== undefined);
  const target = {
    host: 'host-*',
    kind: 'container',
    name: 'web',
    pick: { kind: 'count', count: 1 },
  } as const;
  const faultload = Array.from({ length: faults }, (_, index) => ({ ...fault, name: `f${index}`, target }));
  return { ...fiveFaults, seed, faultload, repetitions, goldenRuns };
}

const campaigns = fc
  .tuple(fc.nat(2 ** 32 - 1), fc.nat(6), fc.integer({ min: 1, max: 6 }), fc.nat(8))
  .map(([seed, faults, repetitions, goldenRuns]) => campaignOf(seed, faults, repetitions, goldenRuns));

test('the quickstart compiles for the embedded target, and takes less than 150 s', () => {
  const text = readFileSync(new URL('../campaigns/quickstart.yaml', import.meta.url));
  const { estimateUs } = compile(readCampaign(text, 'quickstart.yaml', { allowSubstitute: true }), here);
  assert.ok(estimateUs < 150_000_000, `${estimateUs} us`);
});

test('the host of a watch is named, and one that matches several is refused', () => {
  const watching = (host: string): Campaign => ({
    ...fiveFaults,
    watches: [{ name: 'kernel', host, source: { kind: 'kernel' } }],
  });
  assert.deepEqual(compile(watching('test*'), here).watches, [
    { name: 'kernel', host: 'tester', source: { kind: 'kernel' } },
  ]);
  const error = refusal(watching('host-*'), here);
  assert.equal(error.code, 'NO_TARGET');
  assert.match(error.message, /^watch\[0\]\.host: the host "host-\*" matches 2 hosts/);
});

test('five faults and a golden run are six trials, with every host and target named', () => {
  const plan = compile(fiveFaults, here);
  assert.deepEqual(
    plan.trials.map(({ id }) => id),
    ['t001', 't002', 't003', 't004', 't005', 't006'],
  );
  assert.equal(plan.estimateUs, 6 * (1 + 2 + 4 + 4 + 1 + 2) * 1_000_000);
  assert.equal(plan.definition.timeoutUs, 1_000_000);
  assert.equal(plan.workload.host, 'tester');
  assert.deepEqual(plan.trials.find(({ fault }) => fault?.name === 'cut-host')?.fault?.targets, [
    { host: 'host-1', kind: 'nic', name: 'eth0' },
  ]);
  assert.ok(
    plan.warnings.some((warning) =>
      warning.startsWith('"cut-host", "lossy-replica": nft-drop only stands in'),
    ),
  );
});

test('the same campaign and inventory give the same plan, whatever the order of the inventory', () => {
  fc.assert(
    fc.property(campaigns, fc.shuffledSubarray([...here], { minLength: 3 }), (campaign, shuffled) => {
      assert.deepEqual(compile(campaign, shuffled), compile(campaign, here));
    }),
  );
});

test('every fault is there once in each block, and every golden run once', () => {
  fc.assert(
    fc.property(campaigns, (campaign) => {
      const { faultload, repetitions, goldenRuns } = campaign;
      const { trials } = compile(campaign, here);
      const injected = trials.filter(({ fault }) => fault !== undefined);
      const names = faultload.map(({ name }) => name).sort();
      for (let block = 0; block < repetitions; block += 1) {
        const inBlock = injected.slice(block * names.length, (block + 1) * names.length);
        assert.deepEqual(inBlock.map(({ fault }) => fault?.name).sort(), names);
        assert.ok(inBlock.every(({ repetition }) => repetition === block + 1));
      }
      assert.equal(injected.length, names.length * repetitions);
      const golden = trials.filter(({ fault }) => fault === undefined).map(({ repetition }) => repetition);
      assert.deepEqual(
        golden,
        Array.from({ length: goldenRuns }, (_, index) => index + 1),
      );
    }),
  );
});

test('golden runs are spread evenly from the first trial to the last', () => {
  const kinds = (faults: number, goldenRuns: number): string =>
    compile(campaignOf(1, faults, 1, goldenRuns), here)
      .trials.map(({ fault }) => (fault === undefined ? 'G' : '.'))
      .join('');
  assert.equal(kinds(4, 1), 'G....');
  assert.equal(kinds(4, 2), 'G....G');
  assert.equal(kinds(4, 3), 'G..G..G');
  assert.equal(kinds(0, 2), 'GG');
});

test('the seed decides the order, and different seeds give different ones', () => {
  const orders = Array.from({ length: 20 }, (_, seed) =>
    compile(campaignOf(seed, 6, 1, 0), here)
      .trials.map(({ fault }) => fault?.name)
      .join(),
  );
  assert.ok(new Set(orders).size > 15);
});

test('a trial keeps its seed when another fault is added', () => {
  const seeds = (faults: number) =>
    new Map(
      compile(campaignOf(9, faults, 2, 1), here).trials.map((one) => [
        `${one.fault?.name}/${one.repetition}`,
        one.seed,
      ]),
    );
  const more = seeds(4);
  for (const [trial, seed] of seeds(3)) assert.equal(more.get(trial), seed);
  assert.equal(new Set(more.values()).size, more.size);
});

test('the seed of a trial is the published hash', () => {
  // printf 42/kill-replica/1 | sha256sum
  assert.equal(seedFor(42, 'kill-replica', 1), 0x63afd7a6);
});

test('a fault may last longer than the others, with a warning about the golden runs', () => {
  const faultload = fiveFaults.faultload.map((fault) => ({ ...fault, duringUs: 9_000_000 }));
  const { trials, warnings } = compile({ ...fiveFaults, faultload }, here);
  assert.deepEqual([...new Set(trials.map(({ timeline }) => timeline.duringUs))], [4_000_000, 9_000_000]);
  assert.ok(warnings.some((warning) => warning.includes('lasts 9s, longer than')));
});

test('a campaign without golden runs is warned about', () => {
  assert.match(compile({ ...fiveFaults, goldenRuns: 0 }, here).warnings.join('\n'), /no golden run/);
});

test('all that stands against a plan is told at once, and once for all repetitions', () => {
  const error = refusal({ ...fiveFaults, repetitions: 3 }, [nfvi('host-1', { resources: [] })]);
  assert.equal(error.code, 'NO_TARGET');
  const lines = error.message.split('\n');
  assert.equal(lines.length, 6);
  assert.match(error.message, /^workload\.host: the host "tester" matches no host.*there are: host-1$/m);
  assert.match(error.message, /^fault "cut-host": .*nic: eth0 } matches no nic; there are: none$/m);
});

test('what a host cannot do is refused with the reason and the remedy', () => {
  const capabilities = able.map((one) =>
    one.mechanism === 'nft-drop'
      ? { ...one, supported: false, reason: 'no nft here', remedy: 'Install nftables.' }
      : one,
  );
  const error = refusal(fiveFaults, [nfvi('host-1', { capabilities }), tester]);
  assert.equal(error.code, 'UNSUPPORTED');
  assert.equal(error.remedy, 'Install nftables.');
  assert.match(error.message, /fault "cut-host": host "host-1" cannot do nft-drop: no nft here/);
  assert.doesNotMatch(error.message, /kill-replica/);
});

test('a host whose agent has not told of the mechanism cannot do it', () => {
  assert.equal(refusal(fiveFaults, [nfvi('host-1', { capabilities: [] }), tester]).code, 'UNSUPPORTED');
});

test('a workload that could be sent from two hosts is refused', () => {
  const workload = { ...fiveFaults.workload, host: '*' };
  const error = refusal({ ...fiveFaults, workload }, here);
  assert.match(error.message, /workload\.host: the host "\*" matches 3 hosts \(host-1, host-2, tester\)/);
});

test('commands go to the one host that they name', () => {
  const deploy = [{ host: 'test*', argv: ['true'], timeoutUs: 1 }];
  const plan = compile({ ...fiveFaults, system: { ...fiveFaults.system, deploy } }, here);
  assert.equal(plan.system.deploy[0]?.host, 'tester');
});

test('a plan whose trials cannot be told from its golden runs says so, and what would do', () => {
  const warned = (changes: object): string | undefined =>
    compile({ ...fiveFaults, ...changes }, here).warnings.find((warning) =>
      warning.includes('cannot be told from'),
    );
  assert.match(
    warned({ repetitions: 5, goldenRuns: 3 }) ?? '',
    /of 5 trials cannot be told from 3 golden runs.* is 0\.\d+, after the correction for \d cells.*; \d+ golden runs would do/,
  );
  assert.match(
    warned({ repetitions: 1, goldenRuns: 5 }) ?? '',
    /of 1 trial cannot.*; \d+ golden runs would do|ask for more repetitions/,
  );
  assert.equal(warned({ repetitions: 20, goldenRuns: 21 }), undefined);
});

test('a plan of endless trials is refused before it is made', () => {
  assert.match(
    refusal({ ...fiveFaults, goldenRuns: 30_000 }, here).message,
    /30005 trials; 20000 are allowed/,
  );
});

test('a plan that the version before intensities made is made again, to the byte', () => {
  const plan = compile({ ...fiveFaults, repetitions: 3, goldenRuns: 4 }, here);
  // Of how little so few trials can show it did not warn.
  const warnings = plan.warnings.filter((warning) => !warning.includes('cannot be told from'));
  const digest = createHash('sha256')
    .update(JSON.stringify({ ...plan, warnings }))
    .digest('hex');
  assert.equal(digest, 'baa288cb6f62ea611ac5aa256283eefa107c5299d0891c4a71c1f2590d1d8d83');
});

/** The third fault, on each host, at two intensities. */
const graded = readCampaign(
  readFileSync(new URL('../test/campaigns/five-faults.yaml', import.meta.url), 'utf8')
    .replace(
      'intensity: { share: 2%, period: 100ms }',
      'intensities: [{ name: light, intensity: { share: 50% } }, { name: heavy, intensity: { share: 2% } }]',
    )
    .replace(
      /(starve-replica[^]*?target: ){ host: host-1, container: web }/,
      '$1{ host: host-*, container: web, pick: each }',
    ),
  'graded.yaml',
  { allowSubstitute: true },
);

test('faults times targets times intensities times repetitions are the plan', () => {
  const { trials } = compile({ ...graded, repetitions: 3 }, here);
  const starved = trials.flatMap(({ fault, repetition }) =>
    fault?.name === 'starve-replica'
      ? [`${repetition} ${fault.targets.map(({ host }) => host).join()} ${fault.intensity}`]
      : [],
  );
  const expected = [1, 2, 3].flatMap((repetition) =>
    ['host-1', 'host-2'].flatMap((host) =>
      ['heavy', 'light'].map((intensity) => `${repetition} ${host} ${intensity}`),
    ),
  );
  assert.deepEqual(starved.sort(), expected);
  assert.equal(trials.length, (4 + 2 * 2) * 3 + 1);
});

test('each intensity has its own parameters, and each treatment its own seeds', () => {
  const { trials } = compile({ ...graded, repetitions: 2 }, here);
  const heavy = trials.filter(({ fault }) => fault?.intensity === 'heavy');
  assert.ok(heavy.length > 0);
  for (const { fault } of heavy) assert.deepEqual(fault?.parameters, { share: '2%', period: '100ms' });
  assert.equal(new Set(trials.map(({ seed }) => seed)).size, trials.length);
});

test('a fault with a trial for each target has none where one of them is protected', () => {
  const web = { kind: 'container', name: 'web' } as const;
  const error = refusal(graded, [
    nfvi('host-1'),
    nfvi('host-2', { resources: [{ ...web, protectedBecause: 'it carries Ordeal' }] }),
    tester,
  ]);
  assert.equal(error.code, 'PROTECTED_TARGET');
});

test('the trials of intensities count against the most that a plan may have', () => {
  assert.match(refusal({ ...graded, repetitions: 2500 }, here).message, /20001 trials; 20000 are allowed/);
});
