import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { KernelFault } from './kernel-fault.ts';
import { MachineBed } from './machine-bed.ts';

/** A kernel that crashes when it was told to. The tests are in their order: after the last there is no machine. */
let bed: MachineBed;

before(async () => {
  bed = await MachineBed.start();
});

after(async () => await bed.discard());

const panic = { effect: 'panic', panic_meant: 1, reboot: 'at_once' };

async function refusalOf(attributes: Record<string, string | number>): Promise<string | undefined> {
  const fault = await KernelFault.make(bed.machine, 'cpu', attributes);
  const refusal = await fault.refusalToArm({ startInMs: 500_000 });
  await fault.remove();
  return refusal;
}

test('one that is not meant is refused', async () => {
  assert.equal(
    await refusalOf({ effect: 'panic', reboot: 'at_once' }),
    'panic_meant: a panic ends all that runs here and cannot be reverted; if it is meant, write 1',
  );
});

test('one that does not say what follows is refused', async () => {
  assert.equal(
    await refusalOf({ effect: 'panic', panic_meant: 1 }),
    'reboot: is not given; after a panic: never, at_once or seconds from 1 to 3600',
  );
});

test('what follows can be nothing but never, at once, or seconds', async () => {
  const fault = await KernelFault.make(bed.machine, 'cpu', {});
  assert.equal(
    await fault.refusalOf({ reboot: '0' }),
    'reboot: "0" is neither never, at_once nor seconds from 1 to 3600',
  );
  await fault.remove();
});

test('with a lease that has lapsed the machine goes on', async () => {
  const fault = await KernelFault.make(bed.machine, 'cpu', panic);
  const leaseForMs = bed.machine.patienceMs(500);
  await fault.arm({ startInMs: 2 * leaseForMs, leaseForMs });
  const { reason, effects } = await fault.ended();
  assert.deepEqual([reason, effects], ['the lease had lapsed at the start', 0]);
  await fault.remove();
});

test('one that is disarmed before its start does not come', async () => {
  const fault = await KernelFault.make(bed.machine, 'cpu', panic);
  await fault.arm({ startInMs: 500_000 });
  await fault.disarm();
  assert.equal((await fault.status()).reason, 'disarmed');
  await fault.remove();
});

test('at its start the kernel panics, and says for which fault; the log said before what was to follow', async () => {
  const fault = await KernelFault.make(bed.machine, 'cpu', panic);
  await fault.arm({ startInMs: bed.machine.patienceMs(1_500) });
  const { reboot, crash_kernel: crashKernel } = (await fault.status()).lines;
  assert.deepEqual([reboot, crashKernel], ['at_once', 'no']);
  assert.match(
    await bed.machine.demand('dmesg'),
    /will panic this kernel at \d+ ns of CLOCK_BOOTTIME; reboot: at_once/,
  );
  const giveUpAt = Date.now() + bed.machine.patienceMs(30_000);
  while (Date.now() < giveUpAt && (await bed.machine.isAlive())) await sleep(100);
  assert.match(
    await bed.machine.consoleTail(200),
    /Kernel panic - not syncing: ordeal: by the fault test-\d+/,
  );
});
