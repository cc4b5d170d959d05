import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AgentBed } from './agent-bed.ts';
import { bitsThatDiffer } from './bits-that-differ.ts';
import { GuestCpu } from './guest-cpu.ts';
import { GuestDisk } from './guest-disk.ts';
import { GuestLink } from './guest-link.ts';
import { GuestRegisters } from './guest-registers.ts';

const vm = 'vm/nfvi-1';
const content = Buffer.alloc(65_536, 0x5a);
const heldMs = 700;
const held = { delay: `${heldMs}ms` };

describe('a virtual machine, by the agent that runs in it', () => {
  let bed: AgentBed;
  let cpu: GuestCpu;
  let program: GuestRegisters;
  let disk: GuestDisk;
  let otherDisk: GuestDisk;
  let link: GuestLink;
  let otherLink: GuestLink;

  before(async () => {
    bed = await AgentBed.start({ cpus: 2 });
    cpu = new GuestCpu(bed.machine);
    program = await GuestRegisters.bring(bed.machine);
    disk = await GuestDisk.find(bed.machine, 'sda');
    otherDisk = await GuestDisk.find(bed.machine, 'sdb');
    for (const one of [disk, otherDisk]) await one.fill(content);
    link = await GuestLink.make(bed.machine);
    otherLink = await GuestLink.make(bed.machine);
  });
  after(async () => {
    await bed.end();
  });

  async function nothingIsLeft(): Promise<void> {
    assert.equal(await bed.machine.demand('cd /sys/kernel/config/ordeal && find . -mindepth 2 -type d'), '');
    assert.equal(await cpu.online(), '0-1');
  }

  /** What the answer to an order says that was refused. */
  async function refusal(cell: string, parameters: object, mechanism = 'kernel'): Promise<string> {
    const how = ['--mechanism', mechanism, '--for', '10s', '--with', JSON.stringify(parameters)];
    const { code, stdout, stderr } = await bed.ordeal(
      'inject',
      cell,
      '--host',
      'nfvi-1',
      '--target',
      vm,
      ...how,
    );
    assert.notEqual(code, 0);
    return stdout + stderr;
  }

  test('is among what its host has, with what virtualises it', async () => {
    const { resources } = await bed.host();
    const found = resources.find(({ kind }) => kind === 'vm');
    assert.deepEqual([found?.name, found?.protectedBecause], ['nfvi-1', '']);
    const listed = JSON.stringify(await bed.json('hosts'));
    assert.match(listed, /"metFrom":"within"/);
    assert.match(listed, /"virtualisedBy":"QEMU Standard PC/);
  });

  test('has less of a processor for its programs under a hog, and as much as before on another', async () => {
    const id = await bed.inject({
      cell: 'virtual.cpu.delay',
      target: vm,
      parameters: { cpus: '1', load: '90%' },
    });
    const [neighbour = 0, victim = 1] = await cpu.left(0, 1);
    const { effects } = await bed.stop(id);
    assert.match(effects?.remark ?? '', /^it took \d+\.\d % of processor 1$/);
    assert.ok(neighbour > 1.5 * victim, `${neighbour} to its neighbour, ${victim} to the victim`);
    await nothingIsLeft();
  });

  test('has no program on a processor that is off, until the fault is stopped', async () => {
    const id = await bed.inject({ cell: 'virtual.cpu.unavailability', target: vm });
    assert.deepEqual([await cpu.takesPrograms(0), await cpu.takesPrograms(1)], [true, false]);
    assert.equal((await bed.stop(id)).effects?.count, 1);
    await nothingIsLeft();
  });

  test('has the program that is named killed by the last bit of its instruction pointer, and none beside it', async () => {
    await bed.machine.demand('echo 0 > /proc/sys/debug/exception-trace; cp /usr/bin/perl /root/victim');
    const ended = bed.machine.run(['/root/victim', '-e', '1 while 1']);
    ended.catch(() => undefined);
    await bed.machine.demand('until pgrep -x victim; do sleep 0.1; done');
    const neighbour = await program.start('spin');
    const bit = { registers: ['ip'], bitMask: '0x8000000000000000' };
    const parameters = { process: 'victim', every: '2ms', ...bit };
    const id = await bed.inject({ cell: 'virtual.cpu.corruption', target: vm, parameters });
    assert.equal((await ended).code, 128 + 11);
    assert.equal((await bed.stop(id)).effects?.count, 1);
    assert.deepEqual(await neighbour.changes(), {});
    await nothingIsLeft();
  });

  test('has an interface cut, and the one beside it whole', async () => {
    const parameters = { interface: link.nic };
    const id = await bed.inject({ cell: 'virtual.network.unavailability', target: vm, parameters });
    const pings = { count: 6, intervalMs: 200 };
    const received = [(await link.ping(pings)).received, (await otherLink.ping(pings)).received];
    assert.deepEqual(received, [0, pings.count]);
    assert.ok(((await bed.stop(id)).effects?.count ?? 0) >= pings.count);
    assert.equal((await link.ping(pings)).received, pings.count);
    await nothingIsLeft();
  });

  test('has frames of an interface held, and those of the one beside it not', async () => {
    const parameters = { ...held, interface: link.nic };
    const id = await bed.inject({ cell: 'virtual.network.delay', target: vm, parameters });
    const pings = { count: 6, intervalMs: 200 };
    const [slow, quick] = [await link.ping(pings), await otherLink.ping(pings)];
    assert.ok(Math.min(...slow.roundTripsMs) >= heldMs);
    assert.ok(Math.min(...quick.roundTripsMs) < heldMs);
    await bed.stop(id);
    await nothingIsLeft();
  });

  test('has its only NIC beside the protected one meant where none is named', async () => {
    const id = await bed.inject({ cell: 'virtual.network.corruption', target: vm });
    const told = await bed.machine.demand(
      'cd /sys/kernel/config/ordeal/net/*; cat ifindex; cat /sys/class/net/data0/ifindex',
    );
    const [ifindex, ofData] = told.trim().split('\n');
    assert.equal(ifindex, ofData);
    await bed.stop(id);
    await nothingIsLeft();
  });

  test('has the interface by which the agent dials protected', async () => {
    const said = await refusal('virtual.network.unavailability', { interface: 'mgmt0' });
    assert.match(
      said,
      /the interface mgmt0 of the virtual machine nfvi-1 is protected: it carries the connection/,
    );
    await nothingIsLeft();
  });

  test('has a disk away until the fault is stopped, and its neighbour there', async () => {
    const id = await bed.inject({
      cell: 'virtual.storage.unavailability',
      target: vm,
      parameters: { disk: 'sda' },
    });
    assert.deepEqual([await disk.reads(0), await otherDisk.reads(0)], [[false], [true]]);
    assert.ok(((await bed.stop(id)).effects?.count ?? 0) > 0);
    assert.deepEqual(await disk.reads(0), [true]);
    await nothingIsLeft();
  });

  test('has commands to a disk held, and those to its neighbour not', async () => {
    const parameters = { delay: '5s', disk: 'sda' };
    const id = await bed.inject({ cell: 'virtual.storage.delay', target: vm, parameters });
    const [slow, quick] = [await disk.fastestReadMs(), await otherDisk.fastestReadMs()];
    // First, so that what is seen of the others is not seen of this one.
    await bed.stop(id);
    assert.ok(slow >= 5_000, `${slow} ms`);
    assert.ok(quick < 5_000, `${quick} ms`);
    await nothingIsLeft();
  });

  test('has wrong data read from a disk, and right data from its neighbour', async () => {
    const id = await bed.inject({
      cell: 'virtual.storage.corruption',
      target: vm,
      parameters: { disk: 'sda' },
    });
    const read = async (one: GuestDisk) => bitsThatDiffer(content, await one.content(content.length));
    assert.ok((await read(disk)) > 0);
    assert.equal(await read(otherDisk), 0);
    await bed.stop(id);
    assert.equal(await read(disk), 0);
    await nothingIsLeft();
  });

  for (const [parameters, because] of [
    [{}, /\/ is on the disk vda, which is protected: it holds the host's root filesystem/],
    [{ disk: 'vda' }, /the disk vda is protected: it holds the host's root filesystem/],
    [{ disk: 'sdz' }, /there is no disk that a driver serves "sdz"/],
    [{ disk: 'sda', directory: '/root' }, /the parameters "disk" and "directory" name two disks/],
  ] as const)
    test(`refuses a fault of its disk by ${JSON.stringify(parameters)}`, async () => {
      assert.match(await refusal('virtual.storage.corruption', parameters), because);
      await nothingIsLeft();
    });
});
