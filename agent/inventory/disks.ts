import { BlockDevices } from '../../injectors/storage/block-devices.ts';
import { identifyDisk, type DiskIdentity } from '../../injectors/storage/disk.ts';

interface Disk {
  readonly identity: DiskIdentity;
  readonly facts: Readonly<Record<string, string>>;
  readonly partOf: readonly string[];
}

/** The unit of `size`, whatever the disk's own sectors are. */
const sectorBytes = 512;

/**
 * Names that are given out world-wide. The kernel makes one of the serial number, too (`nvme.<maker>-<serial>-..`, `t10.<maker> <serial>`), where a
 * disk has none: that is one only among the disks of its maker, and emulated disks have the same on every host.
 */
const worldWide = /^wwn (naa|eui|uuid)\./;

/** The block devices that hold something; a loop device without a file has no size. */
export async function readDisks(blockDevices = new BlockDevices()): Promise<Disk[]> {
  const disks: Disk[] = [];
  for (const name of await blockDevices.names()) {
    const sectors = Number(await blockDevices.read(name, 'size'));
    if (!(sectors > 0)) continue;
    const identity = await identifyDisk(name, blockDevices);
    // It went while it was looked at.
    if (identity === undefined) continue;
    const model = await blockDevices.read(name, 'device/model');
    const scsi = identity.scsi === undefined ? {} : { scsi: identity.scsi };
    const iscsi = await blockDevices.iscsiTarget(name);
    disks.push({
      identity,
      facts: {
        bytes: String(sectors * sectorBytes),
        ...(model === '' ? {} : { model }),
        identity: identity.identity,
        ...scsi,
      },
      partOf: [
        ...(worldWide.test(identity.identity) ? [identity.identity] : []),
        ...(iscsi === undefined ? [] : [`iscsi ${iscsi}`]),
      ],
    });
  }
  return disks;
}
