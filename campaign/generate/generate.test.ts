import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { descriptors } from '../../injectors/catalogue.ts';
import { compile } from '../compile.ts';
import type { HostInventory } from '../inventory.ts';
import { readCampaign } from '../read.ts';
import { readAsked, type AskedTexts } from './asked.ts';
import { generateCampaign } from './generate.ts';

const baseText = (faultload = 'faultload: []', more = ''): string => `version: 1
name: made # as people call it
seed: 5
system: { name: nfv, healthy: { within: 10s } }
workload:
  host: tester
  http: { url: "http://198.18.0.1/", load: { shape: flat, rate: 10/s } }
timeline: { warmUp: 1s, before: 5s, during: 5s, after: 5s }
repetitions: 5
# What is tried.
${faultload}
# What is demanded.
slo: { unavailability: 5s }
${more}`;

const able = descriptors.map(({ name }) => ({ mechanism: name, supported: true, reason: '', remedy: '' }));
const ableBut = (...unable: readonly string[]) =>
  able.map((one) =>
    unable.includes(one.mechanism) ? { ...one, supported: false, reason: 'it has no such module' } : one,
  );

const nfvi = (host: string, address: string): HostInventory => ({
  host,
  labels: {},
  resources: [
    { kind: 'host', name: host },
    { kind: 'nic', name: 'mgmt0', protectedBecause: 'it carries the connection to the controller' },
    { kind: 'nic', name: 'eth0', facts: { state: 'up', addresses: `${address}/24` } },
    { kind: 'nic', name: 'veth7', facts: { state: 'up', device: 'veth', container: 'web' } },
    { kind: 'disk', name: 'sdb', facts: { scsi: '2:0:0:1' }, partOf: ['wwn naa.5000c500a1b2c3d4'] },
    { kind: 'container', name: 'web', facts: { state: 'running', netns: '40' } },
  ],
  capabilities: able,
});
const tester: HostInventory = { host: 'tester', labels: {}, resources: [], capabilities: able };
const here = [nfvi('host-2', '198.18.7.3'), tester, nfvi('host-1', '198.18.7.2')];

function generated(
  asked: AskedTexts = {},
  { text = baseText(), inventory = here, allowSubstitute = false, unusable = new Map<string, string>() } = {},
) {
  const surroundings = { inventory, unusable };
  return generateCampaign({ text, name: 'base.yaml' }, surroundings, readAsked(asked), { allowSubstitute });
}

/** What a file asks for, by the names of its faults. */
function faultsOf(asked: AskedTexts, setting?: Parameters<typeof generated>[1]) {
  const { text } = generated(asked, setting);
  const { faultload } = readCampaign(text, 'generated', { allowSubstitute: true });
  return new Map(faultload.map((fault) => [fault.name, fault]));
}

test('each cell that is served is on each host, NIC, disk and container, and on each element that hosts share', () => {
  const names = [...faultsOf({}).keys()];
  const on = (place: string): string[] => names.filter((name) => name.startsWith(`${place}-`));
  assert.deepEqual(on('host-1-eth0'), [
    'host-1-eth0-net-out',
    'host-1-eth0-net-slow',
    'host-1-eth0-net-wrong',
  ]);
  assert.deepEqual(on('host-1-sdb').length, 3);
  assert.deepEqual(on('host-1-web').length, 9);
  assert.deepEqual(names.filter((name) => /^host-1-(cpu|mem)-/.test(name)).length, 6);
  assert.deepEqual(on('net-198-18-7-0').length, 3);
  assert.deepEqual(on('disk-a1b2c3d4').length, 3);
  assert.equal(names.length, 2 * 21 + 6);
});

test('what is generated is planned on the same hosts, whatever their order, and no trial is on the host that sends the load', () => {
  const { text } = generated();
  assert.equal(generated({}, { inventory: here.toReversed() }).text, text);
  const { trials } = compile(readCampaign(text, 'generated'), here);
  assert.equal(trials.length, 48 * 5 + 5);
  const hosts = trials.flatMap(({ fault }) => fault?.targets.map(({ host }) => host) ?? []);
  assert.deepEqual([...new Set(hosts)].sort(), ['host-1', 'host-2']);
});

test('what is protected, leads to a container, or needs a word from a person is left out, and said in the file', () => {
  const { text, leftOut } = generated({ host: ['host-1'] });
  const needs = 'needs to be told a directory, whose disk is meant, by a fault of the base file';
  assert.deepEqual(
    leftOut.filter((line) => !line.includes('substitute')),
    [
      `container web of host-1: virtual.storage.corruption: kernel-disk-corrupt: ${needs}`,
      'nic mgmt0 of host-1: is protected: it carries the connection to the controller',
      'nic veth7 of host-1: leads to the container web, whose faults are its own',
    ],
  );
  assert.match(text, /^# - nic mgmt0 of host-1: is protected: it carries the connection to the controller$/m);
});

test('all that is not the faultload stays as it was written', () => {
  const { text } = generated();
  const kept = baseText().split('faultload: []\n');
  assert.ok(text.startsWith(kept[0] ?? ''));
  assert.ok(text.endsWith(kept[1] ?? ''));
});

test('a mechanism that does not work on a host gives way to the next of the cell, never to a substitute that is not allowed', () => {
  const inventory = [
    { ...nfvi('host-1', '198.18.7.2'), capabilities: ableBut('sigkill', 'kernel-net-drop') },
    tester,
  ];
  const asked = { cell: ['virtual.cpu.unavailability', 'physical.network.unavailability'] };
  const faults = faultsOf(asked, { inventory });
  assert.equal(faults.get('host-1-web-cpu-out')?.mechanism, 'cgroup-freeze');
  assert.equal(faults.has('host-1-eth0-net-out'), false);
  const { leftOut } = generated(asked, { inventory });
  assert.ok(
    leftOut.includes(
      'nic eth0 of host-1: physical.network.unavailability: kernel-net-drop: it has no such module; only a substitute works there (nft-drop), for which --allow-substitute is needed',
    ),
    leftOut.join('\n'),
  );
  const allowed = faultsOf(asked, { inventory, allowSubstitute: true });
  assert.equal(allowed.get('host-1-eth0-net-out')?.mechanism, 'nft-drop');
});

test('a fault of an element needs its mechanism on every host of it', () => {
  const inventory = [
    nfvi('host-1', '198.18.7.2'),
    { ...nfvi('host-2', '198.18.7.3'), capabilities: ableBut('kernel-net-drop') },
    tester,
  ];
  const faults = faultsOf({ target: ['element/*'] }, { inventory });
  assert.deepEqual(
    [...faults.keys()].filter((name) => name.startsWith('net-')),
    ['net-198-18-7-0-net-slow', 'net-198-18-7-0-net-wrong'],
  );
});

test('elements that the base file tells are taken, and none is guessed beside them', () => {
  const text = baseText(
    'faultload: []',
    'elements: [{ name: leaf, switch: [{ host: host-*, nic: eth0 }] }]\n',
  );
  const names = [...faultsOf({ target: ['element/*'] }, { text }).keys()];
  assert.deepEqual(names, ['leaf-net-out', 'leaf-net-slow', 'leaf-net-wrong']);
});

test('the faults of the base file say how those of their cell are, on such a target', () => {
  const text = baseText(`faultload:
  - name: any
    cell: virtual.storage.delay
    target: { host: host-9, container: db }
    intensity: { directory: /data, delay: 2s }
    mode: { share: 30% }
    weight: 2
  - { name: other, cell: virtual.cpu.delay, mechanism: cpu-burn, target: { host: host-9, container: db } }`);
  const faults = faultsOf({}, { text });
  const slow = faults.get('host-2-web-disk-slow');
  assert.deepEqual(slow?.target, { host: 'host-2', kind: 'container', name: 'web', pick: { kind: 'all' } });
  assert.deepEqual(slow.mode, { kind: 'probabilistic', share: 0.3 });
  assert.equal((slow.parameters as { delay: string }).delay, '2s');
  assert.equal(slow.weight, 2);
  assert.equal(faults.get('host-1-web-cpu-slow')?.mechanism, 'cpu-burn');
  assert.equal(faults.has('any'), false);
});

test('a root cause leaves the cells in which the fault model names it, and becomes that of their faults', () => {
  const faults = [...faultsOf({ rootCause: ['sw'] }).values()];
  assert.ok(faults.every(({ cell, rootCause }) => rootCause === 'sw' && !cell.endsWith('.unavailability')));
  assert.ok(faults.some(({ cell }) => cell === 'physical.cpu.delay'));
});

test('weights of root causes and of cells multiply', () => {
  const faults = faultsOf({ weight: ['hw=3', 'virtual.*=0.5'] });
  assert.equal(faults.get('host-1-web-cpu-wrong')?.weight, 1.5);
  assert.equal(faults.get('host-1-web-cpu-slow')?.weight, 0.5);
  assert.equal(faults.get('host-1-eth0-net-out')?.weight, 3);
  assert.equal(faults.get('host-1-eth0-net-slow')?.weight, 1);
});

test('a machine that is met from outside has a fault for each of its taps and drives', () => {
  const facts = { metFrom: 'outside', taps: 'tap1 tap0', disks: 'data', networks: 'n0 n1' };
  const vm = { kind: 'vm', name: 'guest', metFrom: 'outside', facts } as const;
  const tap = { kind: 'nic', name: 'tap0', facts: { state: 'up', device: 'tun' } } as const;
  const inventory = [{ host: 'kvm', labels: {}, resources: [vm, tap], capabilities: able }, tester];
  const faults = faultsOf({ cell: ['*.network.delay', '*.storage.delay'] }, { inventory });
  const told = [...faults.values()].map(({ name, parameters }) => {
    const { interface: on, disk } = parameters as { interface?: string; disk?: string };
    return [name, on ?? disk];
  });
  assert.deepEqual(told, [
    ['kvm-guest-tap0-net-slow', 'tap0'],
    ['kvm-guest-tap1-net-slow', 'tap1'],
    ['kvm-guest-disk-slow', undefined],
  ]);
});

test('names that would be too long are cut in their middle, and stay apart', () => {
  const resources = ['one', 'two'].map((end) => ({
    kind: 'container' as const,
    name: `kubernetes/a-rather-long-namespace/pod-of-it/${end}`,
    facts: { state: 'running', netns: '1' },
  }));
  const inventory = [{ host: 'host-1', labels: {}, resources, capabilities: able }, tester];
  const names = [...faultsOf({ cell: ['virtual.cpu.delay'] }, { inventory }).keys()];
  assert.equal(new Set(names).size, 2);
  assert.ok(names.every((name) => name.length <= 30));
});

test('hosts that cannot be used are left out, and said', () => {
  const unusable = new Map([['host-2', 'is quarantined: a rule was left']]);
  const { leftOut, text } = generated({}, { unusable });
  assert.ok(leftOut.includes('host-2: is quarantined: a rule was left'));
  assert.equal(text.includes('host: host-2'), false);
});

for (const [what, asked, says] of [
  ['a cell that there is not', { cell: ['virtual.gpu.*'] }, /"virtual\.gpu\.\*" matches no cell/],
  ['a root cause that there is not', { rootCause: ['fw'] }, /"fw" is not a root cause/],
  ['a target without a kind', { target: ['web'] }, /"web" is not a target/],
  ['a weight without a number', { weight: ['hw=much'] }, /"hw=much" is not a weight/],
] as const) {
  test(`${what} is refused`, () => {
    assert.throws(
      () => generated(asked),
      (error) => error instanceof OrdealError && says.test(error.message),
    );
  });
}

test('where nothing can be faulted, it says why', () => {
  assert.throws(
    () => generated({ host: ['tester'] }),
    (error) =>
      error instanceof OrdealError &&
      error.code === 'NO_TARGET' &&
      error.message.includes('tester: sends the load'),
  );
});
