import assert from 'node:assert/strict';
import { test } from 'node:test';
import { descriptors } from '../injectors/catalogue.ts';
import { compile } from './compile.ts';
import { broken, campaignIn } from './good-file.example.ts';
import type { HostInventory, InventoryResource } from './inventory.ts';
import type { TargetName } from './plan.ts';

const able = descriptors.map(({ name }) => ({ mechanism: name, supported: true, reason: '', remedy: '' }));
const lun = 'wwn naa.6001405aaaaaaaa';
const store = 'iqn.2003-01.org.example:store';

function host(name: string, more: readonly InventoryResource[] = []): HostInventory {
  const own: InventoryResource[] = [
    { kind: 'container', name: 'web' },
    { kind: 'nic', name: 'eth0' },
    { kind: 'nic', name: 'eth1', partOf: ['bridge br0'] },
    { kind: 'nic', name: 'tap7', partOf: ['bridge br0'] },
    { kind: 'nic', name: 'tap8', partOf: ['bridge br1'] },
  ];
  return { host: name, labels: { role: 'nfvi' }, resources: [...own, ...more], capabilities: able };
}

const here = [
  // Called otherwise on each host, as disks of one LUN are.
  host('host-1', [{ kind: 'disk', name: 'sda', partOf: [lun, `iscsi ${store}`] }]),
  host('host-2', [
    { kind: 'disk', name: 'sda', partOf: ['wwn naa.5000c500a1b2c3d4'] },
    { kind: 'disk', name: 'sdb', partOf: [lun, `iscsi ${store}`] },
    { kind: 'disk', name: 'sdc', partOf: ['wwn naa.6001405bbbbbbbb', `iscsi ${store}`] },
  ]),
  { host: 'tester', labels: { role: 'tester' }, resources: [], capabilities: [] },
];

/** The plan of a campaign with one fault, of one element. */
function planOf(element: string, cell = 'physical.network.unavailability', inventory = here) {
  const faults = `faultload: [{ name: shared, cell: ${cell}, mechanism: noop, target: { element: it } }]\n`;
  const text = broken(/^faultload:[\s\S]*?(?=^\S+:)/m, `elements: [{ name: it, ${element} }]\n${faults}`);
  return compile(campaignIn(text), inventory);
}

function targetsIn(plan: ReturnType<typeof planOf>): string[] {
  const targets: readonly TargetName[] =
    plan.trials.find(({ fault }) => fault !== undefined)?.fault?.targets ?? [];
  return targets.map((target) => `${target.host}/${target.kind}/${target.name}`);
}

test('a fault of a switch goes to every NIC that is attached to it, each once, and the plan names the switch', () => {
  const plan = planOf('switch: [{ host: host-*, nic: eth0 }, { host: host-1, nic: eth* }]');
  assert.deepEqual(targetsIn(plan), ['host-1/nic/eth0', 'host-1/nic/eth1', 'host-2/nic/eth0']);
  assert.equal(plan.trials.find(({ fault }) => fault)?.fault?.element, 'it');
});

test('a port that finds no NIC is an error, whatever the other ports find', () => {
  assert.throws(() => planOf('switch: [{ host: host-1, nic: eth0 }, { host: host-2, nic: eth7 }]'), {
    code: 'NO_TARGET',
    message: /fault "shared".*\{ host: host-2, nic: eth7 \} matches no nic/,
  });
});

test('a fault of a bridge goes to its ports, and to those of no other', () => {
  assert.deepEqual(targetsIn(planOf('bridge: { host: host-2, name: br0 }')), [
    'host-2/nic/eth1',
    'host-2/nic/tap7',
  ]);
});

test('a fault of a disk goes to each host that has the disk, whatever it is called there', () => {
  const plan = planOf(`disk: ${lun}`, 'physical.storage.unavailability');
  assert.deepEqual(targetsIn(plan), ['host-1/disk/sda', 'host-2/disk/sdb']);
});

test('a fault of an iSCSI target goes to every disk that comes from it', () => {
  const plan = planOf(`iscsi: '${store}'`, 'physical.storage.unavailability');
  assert.deepEqual(targetsIn(plan), ['host-1/disk/sda', 'host-2/disk/sdb', 'host-2/disk/sdc']);
});

test('an element to which nothing is attached is an error that says what there is', () => {
  assert.throws(() => planOf('disk: wwn naa.0', 'physical.storage.unavailability'), {
    code: 'NO_TARGET',
    message: /part of: wwn naa\.0 \} matches no disk; there are: .*sdb \(wwn naa\.6001405aaaaaaaa, iscsi iqn/,
  });
});

test('of an element one part of which is protected, no part is a target', () => {
  const carrying = {
    kind: 'nic',
    name: 'eth9',
    partOf: ['bridge br0'],
    protectedBecause: 'it carries Ordeal',
  } as const;
  assert.throws(
    () =>
      planOf('bridge: { host: host-1, name: br0 }', undefined, [
        host('host-1', [carrying]),
        ...here.slice(1),
      ]),
    {
      code: 'PROTECTED_TARGET',
    },
  );
});

test('that only one thing is attached to a shared element is a warning', () => {
  const warning = 'only the disk sda of host-2 is attached to the element "it"';
  const lonely = planOf('disk: wwn naa.5000c500a1b2c3d4', 'physical.storage.unavailability');
  assert.ok(lonely.warnings.includes(warning), lonely.warnings.join('\n'));
  assert.ok(
    !planOf(`disk: ${lun}`, 'physical.storage.unavailability').warnings.join().includes('only the disk'),
  );
});
