import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { GuestCpu } from './guest-cpu.ts';
import { KernelFault, withFault } from './kernel-fault.ts';
import { MachineBed } from './machine-bed.ts';

/** Processors that are taken off, and which of them are brought back. */
let bed: MachineBed;
let cpu: GuestCpu;

before(async () => {
  bed = await MachineBed.start({ cpus: 2 });
  cpu = new GuestCpu(bed.machine);
});

after(async () => await bed.end());

const off = { effect: 'off', cpus: '1' };

/** The kernel takes it off from a worker, a moment after the gate was opened. */
async function untilTaken(fault: KernelFault): Promise<void> {
  await bed.machine.demand(`until grep -q '^effects: 1' ${fault.directory}/status; do sleep 0.05; done`);
}

test('no program runs on a processor that is off; on its neighbour they do, and on both afterwards', async () => {
  assert.equal(await cpu.online(), '0-1');
  await withFault(bed.machine, 'cpu', off, async (fault) => {
    await untilTaken(fault);
    assert.equal(await cpu.online(), '0');
    assert.deepEqual([await cpu.takesPrograms(0), await cpu.takesPrograms(1)], [true, false]);
    assert.equal((await fault.status()).lines['off'], '1');
    await fault.disarm();
    assert.equal(await cpu.online(), '0-1');
    assert.equal(await cpu.takesPrograms(1), true);
    const { off: left, stuck } = (await fault.status()).lines;
    assert.deepEqual([left, stuck], ['', '']);
  });
});

test('it is brought back at the deadline with nobody there who would', async () => {
  await withFault(
    bed.machine,
    'cpu',
    off,
    async (fault) => {
      await untilTaken(fault);
      const { reason, lines, closedNs = 0n } = await fault.ended();
      assert.equal(reason, 'deadline');
      assert.ok(closedNs >= BigInt(lines['deadline_ns'] ?? 0));
      assert.equal(await cpu.online(), '0-1');
    },
    { forMs: bed.machine.patienceMs(1_000) },
  );
});

test('where its time is over while it is still being taken, it is back all the same', async () => {
  // From a deadline that comes before the kernel has begun to take it off to one that comes after; whether it warned of that is looked at in the end.
  const startInMs = bed.machine.patienceMs(300);
  for (let lastsMs = 1; lastsMs <= 12; lastsMs += 1)
    await withFault(
      bed.machine,
      'cpu',
      off,
      async (fault) => {
        assert.equal((await fault.ended()).reason, 'deadline');
        assert.equal(await cpu.online(), '0-1');
      },
      { startInMs, forMs: startInMs + lastsMs },
    );
});

test('it is not taken before its start, nor at all with a lease that has lapsed', async () => {
  const leaseForMs = bed.machine.patienceMs(500);
  await withFault(
    bed.machine,
    'cpu',
    off,
    async (fault) => {
      assert.equal((await fault.status()).phase, 'armed');
      assert.equal(await cpu.online(), '0-1');
      const { reason, effects } = await fault.ended();
      assert.deepEqual([reason, effects], ['the lease had lapsed at the start', 0]);
      assert.equal(await cpu.online(), '0-1');
    },
    { startInMs: 2 * leaseForMs, leaseForMs },
  );
});

test('one that somebody else brings back is his: it is told, and not touched at the end', async () => {
  await withFault(bed.machine, 'cpu', off, async (fault) => {
    await untilTaken(fault);
    await cpu.turn(1, 'on');
    const { lines } = await fault.status();
    assert.deepEqual([lines['off'], lines['brought_back_by_others']], ['', '1']);
    assert.ok(Number(lines['brought_back_by_others_ns']) > 0);
    await cpu.turn(1, 'off');
    await fault.disarm();
    assert.equal(await cpu.online(), '0');
  });
  await cpu.turn(1, 'on');
});

test('one that somebody else took off before is told, and left off at the end', async () => {
  await withFault(
    bed.machine,
    'cpu',
    off,
    async (fault) => {
      await cpu.turn(1, 'off');
      await bed.machine.demand(
        `until grep -q '^found_off: 1' ${fault.directory}/status; do sleep 0.05; done`,
      );
      assert.equal((await fault.status()).effects, 0);
      await fault.disarm();
      assert.equal(await cpu.online(), '0');
    },
    { startInMs: bed.machine.patienceMs(1_500) },
  );
  await cpu.turn(1, 'on');
});

test('taking its directory away brings it back', async () => {
  const fault = await KernelFault.make(bed.machine, 'cpu', off);
  await fault.arm();
  await untilTaken(fault);
  await fault.remove();
  assert.equal(await cpu.online(), '0-1');
});

test('it can be disarmed twice, and before it was ever armed', async () => {
  const fault = await KernelFault.make(bed.machine, 'cpu', off);
  await fault.disarm();
  assert.equal((await fault.status()).phase, 'idle');
  await fault.arm();
  await untilTaken(fault);
  await fault.disarm();
  await fault.disarm();
  assert.equal(await cpu.online(), '0-1');
  await fault.remove();
});

test('the module cannot be unloaded while one is off', async () => {
  await withFault(bed.machine, 'cpu', off, async (fault) => {
    await untilTaken(fault);
    assert.match((await bed.machine.run(['rmmod', 'ordeal_cpu'])).stderr, /in use/);
    assert.equal(await cpu.online(), '0');
  });
});

test('with none of the transfers of its mode none is taken', async () => {
  await withFault(bed.machine, 'cpu', { ...off, mode: 'share 0' }, async (fault) => {
    await bed.machine.demand(`until grep -q '^seen: 1' ${fault.directory}/status; do sleep 0.05; done`);
    assert.equal(await cpu.online(), '0-1');
  });
});

test('one processor has to stay on', async () => {
  const fault = await KernelFault.make(bed.machine, 'cpu', { effect: 'off', cpus: '0-1' });
  assert.equal(await fault.refusalToArm(), 'cpus: one processor has to stay on, and 0-1 are all');
  assert.equal(await cpu.online(), '0-1');
  await fault.remove();
});

test('one that the machine cannot take off is refused', async () => {
  const fault = await KernelFault.make(bed.machine, 'cpu', { effect: 'off', cpus: '0' });
  assert.equal(await fault.refusalToArm(), 'cpus: this machine cannot take processor 0 off');
  await fault.remove();
});
