import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { GuestDisk } from './guest-disk.ts';
import { KernelFault } from './kernel-fault.ts';
import { MachineBed } from './machine-bed.ts';

/** Disks and hosts that go while a fault is armed on them. The bed looks at what the kernel has said, and unloads the modules. */
let bed: MachineBed;

before(async () => {
  bed = await MachineBed.start({ cpus: 2 });
});

after(async () => await bed.end());

async function armed(attributes: Record<string, string | number>): Promise<KernelFault> {
  const fault = await KernelFault.make(bed.machine, 'storage', attributes);
  await fault.arm();
  return fault;
}

/** A read that waits in the fault while something else happens. */
async function holds(fault: KernelFault, disk: GuestDisk): Promise<void> {
  await disk.readsMeanwhile(0);
  await fault.tells('held', '1');
}

async function remove(disk: GuestDisk): Promise<void> {
  await bed.machine.demand(`echo 1 > /sys/block/${disk.name}/device/delete`);
}

async function reasonsOf(faults: readonly KernelFault[]): Promise<string[]> {
  const reasons: string[] = [];
  for (const fault of faults) reasons.push((await fault.ended()).reason);
  return reasons;
}

test('when its disk is removed, a fault ends and says why; those of others go on', async () => {
  const [disk, other] = await GuestDisk.ofScsiDebug(bed.machine);
  assert.ok(disk && other);
  const gone = await armed({ scsi: disk.scsi, effect: 'delay', delay_us: 14_000_000 });
  const stays = await armed({ scsi: other.scsi, effect: 'unavailable' });
  const whole = await armed({ scsi: disk.host, effect: 'error', first_sector: 80, last_sector: 80 });
  await holds(gone, disk);
  await remove(disk);
  const { reason, lines } = await gone.ended();
  assert.deepEqual([reason, lines.held, lines.unhooked], ['the disk was removed', '0', 'yes']);
  assert.deepEqual([(await stays.status()).phase, (await whole.status()).phase], ['open', 'open']);
  assert.deepEqual(await other.reads(0), [false]);
  await remove(other);
  const last = 'the last disk of the SCSI host was removed';
  assert.deepEqual(await reasonsOf([stays, whole]), ['the disk was removed', last]);
  for (const fault of [gone, stays, whole]) await fault.remove();
  await bed.machine.demand(['rmmod', 'scsi_debug']);
});

test('when its host is removed with commands held, the faults of all its disks end and say why', async () => {
  const [disk, other] = await GuestDisk.ofScsiDebug(bed.machine);
  assert.ok(disk && other);
  const holding = await armed({ scsi: disk.scsi, effect: 'delay', delay_us: 14_000_000 });
  const faults = [
    holding,
    await armed({ scsi: other.scsi, effect: 'corrupt' }),
    await armed({ scsi: disk.host, effect: 'delay', delay_us: 500_000 }),
  ];
  await holds(holding, disk);
  await bed.machine.demand('echo -1 > /sys/bus/pseudo/drivers/scsi_debug/add_host');
  assert.deepEqual(await reasonsOf(faults), [
    'the disk was removed',
    'the disk was removed',
    'the SCSI host was removed',
  ]);
  assert.equal(await holding.refusalToArm(), `scsi: there is no host ${disk.host}`);
  for (const fault of faults) await fault.remove();
  await bed.machine.demand(['rmmod', 'scsi_debug']);
});

test('when the driver lets go of a host with commands held, the faults end, and the disks serve when it has it again', async () => {
  const disk = await GuestDisk.find(bed.machine, 'sda');
  const holding = await armed({ scsi: disk.scsi, effect: 'delay', delay_us: 14_000_000 });
  const whole = await armed({ scsi: disk.host, effect: 'read_only' });
  await holds(holding, disk);
  const device = await bed.machine.demand(`
    device=$(basename "$(readlink -f /sys/class/scsi_host/host${disk.host}/device/..)")
    echo $device > /sys/bus/virtio/drivers/virtio_scsi/unbind && echo $device`);
  assert.deepEqual(await reasonsOf([holding, whole]), ['the disk was removed', 'the SCSI host was removed']);
  for (const fault of [holding, whole]) await fault.remove();
  await bed.machine.demand(`
    echo ${device.trim()} > /sys/bus/virtio/drivers/virtio_scsi/bind || exit
    until [ -e /sys/block/sda/device/delete ] && [ -e /dev/sda ]; do sleep 0.05; done`);
  assert.deepEqual(await (await GuestDisk.find(bed.machine, 'sda')).reads(0), [true]);
});

for (const [what, name] of Object.entries({ 'virtio-blk': 'vde', NVMe: 'nvme0n1' })) {
  test(`when a disk of ${what} is removed, the corruption of its reads ends and says why`, async () => {
    const disk = await GuestDisk.find(bed.machine, name);
    const fault = await armed({ disk: disk.number, effect: 'corrupt', direction: 'read' });
    await disk.reads(0);
    const device = await bed.machine.demand(`
      path=$(readlink -f /sys/block/${name}/device)
      while [ ! -e $path/remove ]; do path=$(dirname $path); done
      echo 1 > $path/remove; basename $path`);
    const { reason, effects, lines } = await fault.ended();
    assert.deepEqual([reason, effects, lines.unhooked], ['the disk was removed', 1, 'yes'], device);
    await fault.remove();
  });
}
