import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { AgentBed } from './agent-bed.ts';
import { bitsThatDiffer } from './bits-that-differ.ts';
import { GuestDisk } from './guest-disk.ts';

const faults = '/sys/kernel/config/ordeal/storage';
const held = { delay: '700ms' };
const heldMs = 700;
const content = Buffer.alloc(65_536, 0x5a);
/** Away from the content. */
const spareSector = 1_024;

/** What is seen of a disk by who uses it, and what is asked for to see it. */
const kinds = [
  {
    mechanism: 'kernel-disk-unavailable',
    cell: 'physical.storage.unavailability',
    isTouched: async (disk: GuestDisk) => !(await disk.reads(0)).some(Boolean),
  },
  {
    mechanism: 'kernel-disk-error',
    cell: 'physical.storage.unavailability',
    isTouched: async (disk: GuestDisk) => !(await disk.reads(0)).some(Boolean),
  },
  {
    mechanism: 'kernel-disk-read-only',
    cell: 'physical.storage.unavailability',
    isTouched: async (disk: GuestDisk) => !(await disk.writes(spareSector)).some(Boolean),
  },
  {
    mechanism: 'kernel-disk-delay',
    cell: 'physical.storage.delay',
    parameters: held,
    isTouched: async (disk: GuestDisk) => (await disk.fastestReadMs()) >= heldMs,
  },
  {
    mechanism: 'kernel-disk-corrupt',
    cell: 'physical.storage.corruption',
    isTouched: async (disk: GuestDisk) => (await bitsThatAreWrong(disk)) > 0,
  },
] as const;

async function bitsThatAreWrong(disk: GuestDisk): Promise<number> {
  return bitsThatDiffer(content, await disk.content(content.length));
}

async function isWhole(disk: GuestDisk): Promise<boolean> {
  const [isRead, isWritten] = [await disk.reads(0), await disk.writes(spareSector)];
  return isRead.every(Boolean) && isWritten.every(Boolean) && (await bitsThatAreWrong(disk)) === 0;
}

describe('faults of a disk by the module, through the agent as it is delivered', () => {
  let bed: AgentBed;
  let disk: GuestDisk;
  let neighbour: GuestDisk;

  before(async () => {
    bed = await AgentBed.start();
    disk = await GuestDisk.find(bed.machine, 'sda');
    neighbour = await GuestDisk.find(bed.machine, 'sdb');
    for (const one of [disk, neighbour]) await one.fill(content);
    await bed.knows('disk', 'sda', 'sdb', 'nvme0n1', 'vde');
  });
  after(async () => {
    await bed.end();
  });

  async function nothingIsLeft(): Promise<void> {
    assert.equal(await bed.machine.demand(`ls ${faults}`), '');
  }

  test('the host can do what the module does, and not what device mapper would', async () => {
    const { capabilities } = await bed.host();
    const can = capabilities.filter(({ supported }) => supported).map(({ mechanism }) => mechanism);
    for (const { mechanism } of kinds) assert.ok(can.includes(mechanism), mechanism);
    for (const mechanism of ['dm-error', 'dm-delay', 'dm-flakey'])
      assert.ok(!can.includes(mechanism), mechanism);
  });

  test('the disks that the machine lives on are protected, those under test are not', async () => {
    const disks = (await bed.host()).resources.filter(({ kind }) => kind === 'disk');
    const free = disks.filter(({ protectedBecause }) => protectedBecause === '').map(({ name }) => name);
    for (const name of ['vda', 'vdb', 'vdc', 'vdd']) assert.ok(!free.includes(name), name);
    for (const name of ['sda', 'sdb', 'nvme0n1', 'vde']) assert.ok(free.includes(name), name);
  });

  test('a disk is away until the deadline, its neighbour is not', async () => {
    const duration = bed.lasting(3);
    const id = await bed.inject({ cell: 'physical.storage.unavailability', target: 'disk/sda', duration });
    assert.deepEqual([await disk.reads(0), await neighbour.reads(0)], [[false], [true]]);
    const { state, effects } = await bed.ended(id);
    assert.equal(state, 'ended');
    assert.ok((effects?.count ?? 0) > 0);
    assert.deepEqual([await disk.reads(0), await neighbour.reads(0)], [[true], [true]]);
    await nothingIsLeft();
  });

  test('a read is held as long as asked until the fault is stopped, that of the neighbour is not', async () => {
    const fault = { cell: 'physical.storage.delay', target: 'disk/sda', parameters: held };
    const id = await bed.inject(fault);
    assert.ok((await disk.fastestReadMs()) >= heldMs);
    assert.ok((await neighbour.fastestReadMs()) < heldMs);
    assert.ok(((await bed.stop(id)).effects?.count ?? 0) > 0);
    assert.ok((await disk.fastestReadMs()) < heldMs);
    await nothingIsLeft();
  });

  test('what is read is wrong until the fault is stopped, what is read of the neighbour is right', async () => {
    const id = await bed.inject({ cell: 'physical.storage.corruption', target: 'disk/sda' });
    assert.ok((await bitsThatAreWrong(disk)) > 0);
    assert.equal(await bitsThatAreWrong(neighbour), 0);
    assert.ok(((await bed.stop(id)).effects?.count ?? 0) > 0);
    assert.equal(await bitsThatAreWrong(disk), 0);
    await nothingIsLeft();
  });

  describe('whose agent was killed amid it', () => {
    const disks = new Map<string, GuestDisk>();
    const touched = new Map<string, boolean>();
    const ends = new Map<string, string>();
    const whole = new Map<string, boolean>();

    // All kinds at once, each on a disk of its own: one death, one restart.
    before(async () => {
      const made = await GuestDisk.ofScsiDebug(bed.machine, '', kinds.length);
      for (const one of made) await one.fill(content);
      for (const [index, { mechanism }] of kinds.entries()) {
        const own = made[index];
        if (own !== undefined) disks.set(mechanism, own);
      }
      await bed.knows('disk', ...made.map(({ name }) => name));
      const duration = bed.lasting(8);
      await Promise.all(
        kinds.map(async (kind) => {
          const target = `disk/${disks.get(kind.mechanism)?.name ?? ''}`;
          await bed.inject({ ...kind, target, duration });
        }),
      );
      await bed.killAgent();
      for (const { mechanism, isTouched } of kinds) {
        const own = disks.get(mechanism);
        if (own !== undefined) touched.set(mechanism, await isTouched(own));
      }
      for (const { mechanism } of kinds) ends.set(mechanism, await bed.endInKernel(faults, mechanism));
      for (const [mechanism, own] of disks) whole.set(mechanism, await isWhole(own));
      await bed.startAgent();
    });

    for (const { mechanism } of kinds) {
      test(`${mechanism} goes on until its deadline, by which the kernel ends it`, () => {
        assert.equal(touched.get(mechanism), true, 'it went on');
        assert.equal(ends.get(mechanism), 'deadline');
        assert.equal(whole.get(mechanism), true, 'it is over');
      });
    }

    test('of all of them the next agent leaves nothing, and the host is clean', async () => {
      await nothingIsLeft();
      assert.deepEqual((await bed.host()).quarantinedBecause, []);
    });
  });
});
