import assert from 'node:assert/strict';
import { test } from 'node:test';
import { broken, campaignIn, good } from './good-file.example.ts';
import { examineCampaign } from './read.ts';

test('each source of a watch is read, with its units resolved and its defaults filled in', () => {
  const text = broken(
    'slo:',
    `watch:
  - { name: a, host: host-1, log: { file: /var/log/a.log } }
  - { name: b, host: host-1, kernel: {} }
  - { name: c, host: host-*, command: { run: [virsh, list] } }
  - { name: d, host: host-1, command: { run: [virsh, list], every: 500ms } }
  - { name: e, host: host-1, journal: { units: [docker.service, 'kubelet*'] } }
slo:`,
  );
  assert.deepEqual(campaignIn(text).watches, [
    { name: 'a', host: 'host-1', source: { kind: 'log', file: '/var/log/a.log' } },
    { name: 'b', host: 'host-1', source: { kind: 'kernel' } },
    { name: 'c', host: 'host-*', source: { kind: 'command', argv: ['virsh', 'list'], everyUs: 2_000_000 } },
    { name: 'd', host: 'host-1', source: { kind: 'command', argv: ['virsh', 'list'], everyUs: 500_000 } },
    { name: 'e', host: 'host-1', source: { kind: 'journal', units: ['docker.service', 'kubelet*'] } },
  ]);
});

test('a good file is read with its units resolved and its defaults filled in', () => {
  const campaign = campaignIn(good);
  assert.deepEqual(campaign.timeline, {
    warmUpUs: 1_000_000,
    beforeUs: 2_000_000,
    duringUs: 4_000_000,
    afterUs: 4_000_000,
    horizonUs: 15_000_000,
  });
  assert.deepEqual(campaign.definition, {
    version: 1,
    unavailability: {
      windowUs: 1_000_000,
      errorRate: 0.05,
      limitsUs: [5_000_000, 6_000_000, 15_000_000, 25_000_000, 30_000_000],
    },
    slo: { l50Us: 150_000, l90Us: 250_000, throughputPerS: 190, unavailabilityUs: 5_000_000 },
    tolerance: { latency: 0.2, throughput: 0.1 },
    recoveryWithinUs: 25_000_000,
    components: {},
    rules: [],
  });
  assert.deepEqual(campaign.faultload[2], {
    name: 'starve-replica',
    cell: 'virtual.cpu.delay',
    mechanism: 'cpu-quota',
    parameters: { share: '2%', period: '100ms' },
    target: { host: 'host-1', kind: 'container', name: 'web', pick: { kind: 'all' } },
    mode: { kind: 'permanent' },
    onRestart: 'end',
    rootCause: 'op',
    weight: 1,
  });
  assert.deepEqual(campaign.faultload[4]?.mode, { kind: 'probabilistic', share: 0.3 });
});

test('the mechanism that is not named is the first of the cell itself', () => {
  const campaign = campaignIn(broken('    mechanism: sigkill\n', ''));
  assert.equal(campaign.faultload[0]?.mechanism, 'sigkill');
});

test('a substitute is refused where it stands in the file, unless substitutes are allowed', () => {
  const examined = examineCampaign(good);
  assert.ok('problems' in examined);
  assert.deepEqual(
    examined.problems.map(({ path }) => path),
    ['faultload[3].mechanism', 'faultload[4].mechanism'],
  );
  assert.match(examined.problems[0]?.message ?? '', /only stands in .*--allow-substitute/);
});

test('golden runs are as many as repetitions where the file does not say', () => {
  assert.equal(campaignIn(broken(/repetitions: 1\ngoldenRuns: 1/, 'repetitions: 7')).goldenRuns, 7);
});

test('every mode and every way to pick can be written', () => {
  const withMode = (mode: string) =>
    campaignIn(broken('mode: { share: 30% }', `mode: ${mode}`)).faultload[4]?.mode;
  assert.deepEqual(withMode('permanent'), { kind: 'permanent' });
  assert.deepEqual(withMode('{ oneIn: 10 }'), { kind: 'oneIn', n: 10 });
  assert.deepEqual(withMode('{ share: 0% }'), { kind: 'probabilistic', share: 0 });
  const placebo = good
    .replaceAll('mechanism: nft-drop', 'mechanism: noop')
    .replace(/intensity: { direction.*/, '');
  const burst = campaignIn(
    placebo.replace('mode: { share: 30% }', 'mode: { burst: { on: 200ms, off: 1s } }'),
  );
  assert.deepEqual(burst.faultload[4]?.mode, { kind: 'burst', onUs: 200_000, offUs: 1_000_000 });
  const withTarget = (target: string) =>
    campaignIn(broken('target: { host: host-1, nic: eth0 }', `target: ${target}`)).faultload[3]?.target;
  assert.deepEqual(withTarget('{ host: "*", nic: eth0, pick: 50% }'), {
    host: '*',
    kind: 'nic',
    name: 'eth0',
    pick: { kind: 'share', share: 0.5 },
  });
  assert.deepEqual(withTarget('{ labels: { role: nfvi }, nic: eth0, pick: 1 }'), {
    host: '*',
    labels: { role: 'nfvi' },
    kind: 'nic',
    name: 'eth0',
    pick: { kind: 'count', count: 1 },
  });
});
