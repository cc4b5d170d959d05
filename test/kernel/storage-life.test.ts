import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { GuestDisk } from './guest-disk.ts';
import { KernelFault, withFault } from './kernel-fault.ts';
import { MachineBed } from './machine-bed.ts';

let bed: MachineBed;
let disk: GuestDisk;

before(async () => {
  bed = await MachineBed.start();
  disk = await GuestDisk.find(bed.machine, 'sda');
});

after(async () => await bed.end());

function unavailable(): Record<string, string> {
  return { scsi: disk.scsi, effect: 'unavailable' };
}

test('it ends at its deadline with nobody left in user space who knows of it', async () => {
  const fault = await KernelFault.make(bed.machine, 'storage', unavailable());
  await fault.arm({ forMs: bed.machine.patienceMs(1500) });
  assert.deepEqual(await disk.reads(0), [false]);
  const { reason, closedNs = 0n, lines, lastEffectNs = 0n } = await fault.ended();
  assert.equal(reason, 'deadline');
  assert.ok(closedNs >= BigInt(lines.deadline_ns ?? 0));
  assert.ok(lastEffectNs <= closedNs);
  assert.equal(lines.unhooked, 'yes');
  assert.deepEqual(await disk.reads(0), [true]);
  await fault.remove();
});

test('told ahead, it begins at its start and not before', async () => {
  const fault = await KernelFault.make(bed.machine, 'storage', unavailable());
  const startInMs = bed.machine.patienceMs(1500);
  await fault.arm({ startInMs, forMs: 20 * startInMs });
  assert.deepEqual(await disk.reads(0), [true]);
  assert.equal((await fault.status()).phase, 'armed');
  await fault.reached('open');
  assert.deepEqual(await disk.reads(0), [false]);
  const { openedNs = 0n, firstEffectNs = 0n, lines } = await fault.status();
  assert.ok(openedNs >= BigInt(lines.start_ns ?? 0));
  assert.ok(firstEffectNs >= openedNs);
  await fault.remove();
});

test('with a lease that has lapsed, it does not begin', async () => {
  const fault = await KernelFault.make(bed.machine, 'storage', unavailable());
  const leaseForMs = bed.machine.patienceMs(1000);
  await fault.arm({ startInMs: 2 * leaseForMs, leaseForMs, forMs: 600_000 });
  const { reason, openedNs, effects } = await fault.ended();
  assert.deepEqual(
    { reason, openedNs, effects },
    { reason: 'the lease had lapsed at the start', openedNs: undefined, effects: 0 },
  );
  assert.deepEqual(await disk.reads(0), [true]);
  await fault.remove();
});

test('the module cannot be unloaded while a fault is armed, nor the driver whose host it is in', async () => {
  const [debug] = await GuestDisk.ofScsiDebug(bed.machine);
  assert.ok(debug);
  await withFault(bed.machine, 'storage', { scsi: debug.scsi, effect: 'unavailable' }, async (fault) => {
    for (const module of ['ordeal_storage', 'ordeal', 'scsi_debug']) {
      assert.match((await bed.machine.run(['rmmod', module])).stderr, /in use/, module);
    }
    assert.equal((await fault.status()).phase, 'open');
    assert.deepEqual(await debug.reads(0), [false]);
  });
  await bed.machine.demand(['rmmod', 'scsi_debug']);
});

test('it can be disarmed twice', async () => {
  await withFault(bed.machine, 'storage', unavailable(), async (fault) => {
    await disk.reads(0);
    await fault.disarm();
    const first = await fault.status();
    await fault.disarm();
    assert.deepEqual(await fault.status(), first);
    assert.equal(first.reason, 'disarmed');
    assert.equal(first.effects, 1);
  });
});

test('what was never armed can be disarmed', async () => {
  const fault = await KernelFault.make(bed.machine, 'storage', unavailable());
  await fault.disarm();
  assert.equal((await fault.status()).phase, 'idle');
  await fault.remove();
  assert.deepEqual(await disk.reads(0), [true]);
});

test('it can be armed again, and counts from nothing', async () => {
  await withFault(bed.machine, 'storage', unavailable(), async (fault) => {
    await disk.reads(0, 8);
    await fault.disarm();
    await fault.arm();
    assert.equal((await fault.status()).effects, 0);
    assert.deepEqual(await disk.reads(0), [false]);
    assert.equal((await fault.status()).effects, 1);
  });
});

test('taking its directory away ends it', async () => {
  const fault = await KernelFault.make(bed.machine, 'storage', unavailable());
  await fault.arm();
  assert.deepEqual(await disk.reads(0), [false]);
  await fault.remove();
  assert.deepEqual(await disk.reads(0), [true]);
});

test('two faults of one host end each by itself', async () => {
  await withFault(
    bed.machine,
    'storage',
    { ...unavailable(), first_sector: 0, last_sector: 7 },
    async (first) => {
      await withFault(
        bed.machine,
        'storage',
        { ...unavailable(), first_sector: 8, last_sector: 15 },
        async () => {
          assert.deepEqual(await disk.reads(0, 8, 16), [false, false, true]);
          await first.disarm();
          assert.deepEqual(await disk.reads(0, 8, 16), [true, false, true]);
        },
      );
      assert.deepEqual(await disk.reads(0, 8, 16), [true, true, true]);
    },
  );
});
