import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { descriptors } from '../../injectors/catalogue.ts';
import { until } from '../until.ts';
import { AgentBed, type Fault, type InjectionRecord } from './agent-bed.ts';
import { GuestDisk } from './guest-disk.ts';
import { GuestLink } from './guest-link.ts';
import { asContainer } from './guest-scope.ts';

const faults = '/sys/kernel/config/ordeal/*';
const host = 'host/nfvi-1';

/** Every mechanism of the kernel's that lasts. Each is on something of its own where it can be. */
const ofHost: Readonly<Record<string, Fault>> = {
  'kernel-cpu-off': { cell: 'physical.cpu.unavailability', target: host },
  'kernel-cpu-hog': { cell: 'physical.cpu.delay', target: host, parameters: { cpus: '0', load: '30%' } },
  'kernel-memory-hog': { cell: 'physical.memory.unavailability', target: host, parameters: { floor: '40%' } },
};
const ofContainers: Readonly<Record<string, Omit<Fault, 'target'>>> = {
  'kernel-registers': { cell: 'virtual.cpu.corruption', parameters: { every: '2ms', times: 0 } },
  'kernel-enomem': { cell: 'virtual.memory.unavailability' },
  'kernel-memory-corrupt': { cell: 'virtual.memory.corruption', parameters: { every: '2ms', times: 0 } },
};
const ofNics: Readonly<Record<string, Omit<Fault, 'target'>>> = {
  'kernel-net-drop': { cell: 'physical.network.unavailability' },
  'kernel-net-delay': { cell: 'physical.network.delay', parameters: { delay: '10ms' } },
  'kernel-net-corrupt': { cell: 'physical.network.corruption' },
  'kernel-net-duplicate': { cell: 'physical.network.corruption' },
  'kernel-net-reorder': { cell: 'physical.network.corruption', more: ['--one-in', '2'] },
};
const ofDisks: Readonly<Record<string, Omit<Fault, 'target'>>> = {
  'kernel-disk-unavailable': { cell: 'physical.storage.unavailability' },
  'kernel-disk-error': { cell: 'physical.storage.unavailability' },
  'kernel-disk-read-only': { cell: 'physical.storage.unavailability' },
  'kernel-disk-delay': { cell: 'physical.storage.delay', parameters: { delay: '10ms' } },
  'kernel-disk-corrupt': { cell: 'physical.storage.corruption' },
};

const mechanisms = descriptors
  .filter(({ byKernelModule, oneShot }) => byKernelModule === true && !oneShot)
  .map(({ name }) => name);

describe('faults whose agent and guardian get no processor from amid them until after their end', () => {
  let bed: AgentBed;
  const whileStarved = new Map<string, string>();
  const ends = new Map<string, string>();
  const records = new Map<string, InjectionRecord>();

  before(async () => {
    bed = await AgentBed.start({ cpus: 2 });
    for (const some of await targeted()) await starveAmid(some);
  });
  after(async () => {
    await bed.end();
  });

  /** All of them at once: one agent that stands still. */
  async function starveAmid(some: Readonly<Record<string, Fault>>): Promise<void> {
    const duration = bed.lasting(15);
    const ids = await Promise.all(
      Object.entries(some).map(async ([mechanism, fault]) => {
        const id = await bed.inject({ ...fault, mechanism, duration });
        return [mechanism, id] as const;
      }),
    );
    await bed.signalAgent('STOP');
    for (const [mechanism, id] of ids) whileStarved.set(mechanism, await phaseOf(mechanism, id));
    for (const [mechanism, id] of ids) ends.set(mechanism, await bed.endInKernel(faults, mechanism, id));
    await bed.signalAgent('CONT');
    for (const [mechanism, id] of ids) records.set(mechanism, await bed.ended(id));
    await until('the agent is there again', async () => (await bed.host()).connected, 1_000);
  }

  async function targeted(): Promise<Readonly<Record<string, Fault>>[]> {
    const { machine } = bed;
    const links: GuestLink[] = [];
    while (links.length < Object.keys(ofNics).length) links.push(await GuestLink.make(machine));
    const disks = await GuestDisk.ofScsiDebug(machine, '', Object.keys(ofDisks).length);
    const containers = Object.keys(ofContainers);
    for (const name of containers)
      await machine.demand(`${asContainer(name)} sleep infinity > /dev/null 2>&1 < /dev/null &`);
    const nics = links.map(({ nic }) => nic);
    const names = disks.map(({ name }) => name);
    const scopes = containers.map((name) => `machine-${name}.scope`);
    await bed.knows('nic', ...nics);
    await bed.knows('disk', ...names);
    await bed.knows('container', ...scopes);
    return [
      ofHost,
      each(ofContainers, 'container', scopes),
      each(ofNics, 'nic', nics),
      each(ofDisks, 'disk', names),
    ];
  }

  function each(
    kinds: Readonly<Record<string, Omit<Fault, 'target'>>>,
    kind: string,
    names: readonly string[],
  ): Record<string, Fault> {
    const pairs = Object.entries(kinds).map(([mechanism, fault], index): [string, Fault] => [
      mechanism,
      { ...fault, target: `${kind}/${names[index] ?? ''}` },
    ]);
    return Object.fromEntries(pairs);
  }

  async function phaseOf(mechanism: string, id: string): Promise<string> {
    const status = `${faults}/${mechanism}_${id}/status`;
    return (await bed.machine.demand(`sed -n 's/^phase: //p' ${status}`)).trim();
  }

  test('there is one by every mechanism of the kernel that lasts', () => {
    assert.deepEqual([...ends.keys()].sort(), [...mechanisms].sort());
  });

  for (const mechanism of mechanisms)
    test(`${mechanism} goes on until its deadline, by which the kernel ends it, and the agent tells so afterwards`, () => {
      assert.equal(whileStarved.get(mechanism), 'open', 'it went on');
      assert.equal(ends.get(mechanism), 'deadline');
      assert.equal(records.get(mechanism)?.state, 'ended', records.get(mechanism)?.errorMessage);
    });

  test('the agent that goes on leaves nothing, and the host is clean', async () => {
    const left = `cd /sys/kernel/config/ordeal && find . -mindepth 2 -type d`;
    assert.equal(await bed.machine.demand(left), '');
    assert.deepEqual((await bed.host()).quarantinedBecause, []);
  });
});
