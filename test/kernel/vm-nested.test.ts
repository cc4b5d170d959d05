import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AgentBed, type Fault } from './agent-bed.ts';
import { NestedMachine, nestedPackages, type Got, type Look, type Part } from './nested-machine.ts';

const faults = '/sys/kernel/config/ordeal';
/** More than anything takes in a machine that is emulated twice, and less than it waits for. */
const heldMs = 3_000;
const held = { delay: `${heldMs}ms` };

interface Case {
  readonly what: string;
  readonly cell: Fault['cell'];
  readonly parameters?: Fault['parameters'];
  readonly hit: Part;
  readonly beside: Part;
  readonly isHit: (got: Got, machine: NestedMachine) => boolean;
}

const onTap = { hit: 'nic0', beside: 'nic1' } as const;
const onDisk = { hit: 'vda', beside: 'vdb' } as const;
const tap = { interface: 'tap0' };
const drive = { disk: 'first' };

const cases: readonly Case[] = [
  {
    ...onTap,
    what: 'gets nothing over a NIC whose tap is cut',
    cell: 'virtual.network.unavailability',
    parameters: tap,
    isHit: ({ sum }, machine) => sum !== machine.sum,
  },
  {
    ...onTap,
    what: 'waits for what comes over a NIC whose tap is slow',
    cell: 'virtual.network.delay',
    parameters: { ...tap, ...held },
    isHit: ({ sum, ms }, machine) => sum === machine.sum && ms >= heldMs,
  },
  {
    ...onTap,
    what: 'gets something else over a NIC whose tap corrupts it silently',
    cell: 'virtual.network.corruption',
    parameters: { ...tap, checksum: 'silent', part: 'payload', protocol: 'tcp' },
    isHit: ({ sum }, machine) => sum !== machine.sum,
  },
  {
    ...onDisk,
    what: 'cannot read a disk whose backing disk is unavailable',
    cell: 'virtual.storage.unavailability',
    parameters: drive,
    isHit: ({ sum }) => sum === 'error',
  },
  {
    ...onDisk,
    what: 'waits for a disk whose backing disk is slow',
    cell: 'virtual.storage.delay',
    parameters: { ...drive, ...held },
    isHit: ({ sum, ms }, machine) => sum === machine.sum && ms >= heldMs,
  },
  {
    ...onDisk,
    what: 'reads something else from a disk whose backing disk corrupts it',
    cell: 'virtual.storage.corruption',
    parameters: drive,
    isHit: ({ sum }, machine) => sum !== 'error' && sum !== machine.sum,
  },
];

describe('a virtual machine, by its taps and its backing disks on the host that runs it', () => {
  let bed: AgentBed;
  let machine: NestedMachine;

  before(async () => {
    bed = await AgentBed.start({ extraPackages: nestedPackages });
    machine = await NestedMachine.start(bed.machine);
    await bed.knows('vm', machine.name);
  });
  after(async () => {
    await bed.end();
  });

  function isWell(look: Look, part: Part): boolean {
    return look[part].sum === machine.sum;
  }

  test('is found with its taps and its drives', async () => {
    const found = (await bed.host()).resources.find(({ name }) => name === machine.name);
    const { metFrom, taps, disks } = found?.facts ?? {};
    assert.deepEqual(
      { metFrom, taps, disks },
      { metFrom: 'outside', taps: 'tap0 tap1', disks: 'first second' },
    );
  });

  for (const { what, cell, parameters, hit, beside, isHit } of cases)
    test(`${what}, until the fault is over, and not what comes by the one beside it`, async () => {
      assert.ok(isWell(await machine.look(), hit), 'before');
      const id = await bed.inject({ cell, target: `vm/${machine.name}`, ...(parameters && { parameters }) });
      const amid = await machine.look();
      const { effects } = await bed.stop(id);
      const afterwards = await machine.look();
      assert.ok(isHit(amid[hit], machine), JSON.stringify(amid));
      assert.ok(isWell(amid, beside) && amid[beside].ms < heldMs, JSON.stringify(amid));
      assert.ok(isWell(afterwards, hit) && afterwards[hit].ms < heldMs, JSON.stringify(afterwards));
      assert.ok((effects?.count ?? 0) > 0);
      assert.equal(await bed.machine.demand(`find ${faults} -mindepth 2`), '');
    });

  test('has no tap or drive hit that it does not have', async () => {
    const target = `vm/${machine.name}`;
    const noTap = bed.inject({ cell: 'virtual.network.delay', target, parameters: { interface: 'data0' } });
    await assert.rejects(noTap, /has no interface \\?"data0\\?"; it has: tap0, tap1/);
    const noDrive = bed.inject({ cell: 'virtual.storage.delay', target, parameters: { disk: 'third' } });
    await assert.rejects(noDrive, /has no drive \\?"third\\?" with a file; it has: first, second/);
  });
});
