import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { mountedHierarchies } from '../../procfs/cgroup-hierarchies.ts';
import { TestContainer } from '../integration/injector-bed.ts';
import { until } from '../until.ts';
import { GuestDisk } from './guest-disk.ts';
import { GuestRegisters, type Changes } from './guest-registers.ts';
import { OutsideBed } from './outside-bed.ts';
import { SteadyPing } from './steady-ping.ts';

/** Where the lab's switch has the machine, seen from its neighbour. */
const address = '198.18.7.1';
const content = Buffer.alloc(65_536, 0x5a);
const standsMs = 4_000;
const bits = { registers: ['bx'], bitMask: '0x8000000000000001', bits: 2 };

describe('a virtual machine, by its QEMU on the host that runs it', () => {
  let bed: OutsideBed;
  let untouched: unknown;

  before(async () => {
    bed = await OutsideBed.start();
    untouched = await bed.state();
  });
  after(async () => {
    await bed.end();
  });

  async function nothingIsLeft(): Promise<void> {
    assert.deepEqual(await bed.state(), untouched);
  }

  /** How long its neighbour had no answer from it, while something was done to it. */
  async function gapMs(amid: () => Promise<void>): Promise<number> {
    const ping = await SteadyPing.start(bed.neighbour, address);
    await amid();
    await ping.goesOn();
    return (await ping.stop()).gapMs;
  }

  test('is found with what a fault of it can name', async () => {
    const { name, facts, target } = await bed.found();
    assert.match(name, /^nfvi-1(-\d+)?$/);
    assert.equal(facts['metFrom'], 'outside');
    assert.equal(facts['networks'], 'mgmt data');
    assert.match(facts['disks'] ?? '', /\bscsi-a scsi-b nvme$/);
    assert.match(facts['qmp'] ?? '', /qmp\.sock .*monitor\.sock$/);
    assert.ok(target.kind === 'vm' && target.metFrom === 'outside' && target.pid === bed.machine.pid);
  });

  for (const by of ['the same', 'another'] as const)
    test(`stands as long as it is stopped, until ${by} lets it go on, and its neighbour does not`, async () => {
      const uptime = async (): Promise<number> =>
        Number((await bed.machine.demand(['cut', '-d', ' ', '-f', '1', '/proc/uptime'])).trim());
      const [hostMs, ownSeconds] = [performance.now(), await uptime()];
      const gap = await gapMs(async () => {
        const stop = await bed.begin('vm-stop');
        await sleep(standsMs);
        assert.equal((await stop.end(by)).count, 1);
      });
      assert.ok(gap >= standsMs, `${gap} ms`);
      const [passedMs, ownMs] = [performance.now() - hostMs, ((await uptime()) - ownSeconds) * 1000];
      assert.ok(passedMs - ownMs >= standsMs - 500, `${passedMs} ms passed, ${ownMs} ms for the machine`);
      await nothingIsLeft();
    });

  test('has one of its links taken down until the fault is over, and the other up', async () => {
    const carriers = async (): Promise<string> =>
      (await bed.machine.demand('cat /sys/class/net/data0/carrier /sys/class/net/mgmt0/carrier'))
        .replace('\n', ' ')
        .trim();
    assert.equal(await carriers(), '1 1');
    const gap = await gapMs(async () => {
      const link = await bed.begin('vm-link-down', { network: 'data' });
      await until('the machine sees its link down', async () => (await carriers()) === '0 1');
      await sleep(standsMs);
      await link.end('another');
    });
    assert.ok(gap >= standsMs, `${gap} ms`);
    assert.equal(await carriers(), '1 1');
    await nothingIsLeft();
  });

  for (const [drive, name] of [
    ['scsi-a', 'sda'],
    ['virtio', 'vde'],
    ['nvme', 'nvme0n1'],
  ] as const)
    test(`cannot use its disk ${name} until the fault is over, and can use the one beside it`, async () => {
      const [disk, beside] = [
        await GuestDisk.find(bed.machine, name),
        await GuestDisk.find(bed.machine, 'sdb'),
      ];
      await disk.fill(content);
      const fault = await bed.begin('vm-disk-error', { disk: drive });
      const [reads, writes] = [await disk.reads(0), await disk.writes(1_024)];
      const others = [await beside.reads(0), await beside.writes(1_024)];
      const { count } = await fault.end(drive === 'virtio' ? 'another' : 'the same');
      assert.deepEqual([reads, writes, others], [[false], [false], [[true], [true]]]);
      assert.ok(count !== 'unknown' && count > 0, `${count} failed requests`);
      assert.deepEqual([await disk.reads(0), await disk.writes(1_024)], [[true], [true]]);
      assert.deepEqual(await disk.content(content.length), content);
      await nothingIsLeft();
    });

  test('cannot read one sector, and can write it and read those beside it', async () => {
    const disk = await GuestDisk.find(bed.machine, 'sda');
    const fault = await bed.begin('vm-disk-error', { disk: 'scsi-a', direction: 'read', sector: 4_096 });
    assert.deepEqual(await disk.reads(4_096, 4_104), [false, true]);
    assert.deepEqual(await disk.writes(4_096), [true]);
    await fault.end();
    assert.deepEqual(await disk.reads(4_096), [true]);
    await nothingIsLeft();
  });

  test('has the requests to a disk slowed to the rate that is asked for, and not those to the one beside it', async () => {
    const passes = async (name: string): Promise<number> =>
      Number(
        await bed.machine.demand(`
          began=$(date +%s%N); for try in 1 2 3 4 5 6 7 8; do
            dd if=/dev/${name} of=/dev/null bs=4096 count=1 iflag=direct 2> /dev/null; done
          echo $((($(date +%s%N) - began) / 1000000))`),
      );
    const fault = await bed.begin('vm-disk-delay', { disk: 'scsi-a', rate: 1 });
    const [slow, quick] = [await passes('sda'), await passes('sdb')];
    const { count, dose } = await fault.end();
    // The first passes at once, and the second has a part of its second behind it.
    assert.ok(slow >= 6_000, `${slow} ms`);
    assert.ok(quick < 6_000, `${quick} ms`);
    assert.ok(count !== 'unknown' && count >= 8 && dose !== undefined);
    await nothingIsLeft();
  });

  test('has the bits of a register flipped that are chosen, in the program that it runs, and its neighbour none', async () => {
    const victim = await (await GuestRegisters.bring(bed.machine)).start('spin');
    const beside = await (await GuestRegisters.bring(bed.neighbour)).start('spin');
    const fault = await bed.begin('vm-registers', { ...bits, times: 1 });
    await until('it is flipped', async () => (await fault.effects()).count === 1);
    const { remark = '' } = await fault.end();
    const changes = await victim.changes();
    assert.deepEqual(changes, { bx: 0x8000_0000_0000_0001n });
    assert.deepEqual(changes, flipsIn(remark));
    assert.deepEqual(await beside.changes(), {});
    await nothingIsLeft();
  });

  test('has none flipped any more, and runs, when whoever flipped them is gone', async () => {
    const victim = await (await GuestRegisters.bring(bed.machine)).start('spin');
    const fault = await bed.begin('vm-registers', { ...bits, times: 0, every: '10ms' });
    await until('some are flipped', async () => Number((await fault.effects()).count) >= 3);
    assert.equal((await fault.end('another')).count, 'unknown');
    await nothingIsLeft();
    assert.notDeepEqual(await victim.changes(), undefined);
  });

  test('stands while its cgroup is frozen', async (context) => {
    const cgroup = await TestContainer.make(context);
    try {
      for (const directory of await cgroup.directories())
        await writeFile(`${directory}/cgroup.procs`, String(bed.machine.pid));
      assert.equal((await bed.found()).facts['cgroup'], cgroup.name);
      const gap = await gapMs(async () => {
        const freeze = await bed.begin('cgroup-freeze');
        await sleep(standsMs);
        await freeze.end('another');
      });
      assert.ok(gap >= standsMs, `${gap} ms`);
    } finally {
      for (const { mountPoint, controllers } of await mountedHierarchies())
        if (!controllers.includes('cpuset'))
          await writeFile(`${mountPoint}/cgroup.procs`, String(bed.machine.pid));
    }
    assert.match(
      await bed.refusal('cgroup-freeze', {}),
      /has no cgroup of its own: others would be hit with it/,
    );
    await nothingIsLeft();
  });

  for (const [mechanism, parameters, because] of [
    ['vm-disk-error', {}, /has not exactly one disk; its QEMU has: root, modules, /],
    ['vm-disk-error', { disk: 'sda' }, /has no disk "sda"; its QEMU has: root, /],
    ['vm-link-down', { network: 'net0' }, /has no network "net0"; its QEMU has: mgmt, data/],
    ['vm-registers', { processor: 9 }, /has 1, from 0, and no 9/],
    [
      'kernel-cpu-hog',
      {},
      /kernel-cpu-hog reaches a virtual machine from within, .*; this one is met from outside/,
    ],
  ] as const)
    test(`refuses ${mechanism} of ${JSON.stringify(parameters)}`, async () => {
      assert.match(await bed.refusal(mechanism, parameters), because);
      await nothingIsLeft();
    });

  test('notes an interrupt that nobody expects, and goes on', async () => {
    const noted = async (): Promise<number> =>
      Number(await bed.machine.demand("dmesg | grep -c 'NMI received' || true"));
    assert.equal(await noted(), 0);
    assert.equal((await (await bed.begin('vm-nmi')).end()).count, 1);
    await until('the machine has noted it', async () => (await noted()) === 1);
    await nothingIsLeft();
  });

  test('boots anew when it is reset', async () => {
    await bed.rebootsAtReset();
    const bootId = async (): Promise<string> =>
      await bed.machine.demand(['cat', '/proc/sys/kernel/random/boot_id']);
    const before = await bootId();
    assert.equal((await (await bed.begin('vm-reset')).end()).count, 1);
    await until('it has booted anew', async () => (await bootId()) !== before, 1_000);
    await nothingIsLeft();
  });
});

function flipsIn(remark: string): Changes {
  const flips = [...remark.matchAll(/(\w+) (0x[0-9a-f]+) -> (0x[0-9a-f]+) of processor/g)];
  return Object.fromEntries(
    flips.map(([, name = '', before = '', after = '']) => [name, BigInt(before) ^ BigInt(after)]),
  );
}
