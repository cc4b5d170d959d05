import type { Descriptor } from '../descriptor.ts';
import type { Injector, Memory } from '../injector.ts';
import type { FaultDirectory } from '../kernel-fault/fault-directory.ts';
import { KernelInjector, type Attributes } from '../kernel-fault/injector.ts';
import { KernelModule } from '../kernel-fault/kernel-module.ts';
import { BlockDevices } from '../storage/block-devices.ts';
import type { Held } from '../storage/protected-disks.ts';
import { remarkOnScope, targetDiskOf } from '../storage/target-disk.ts';
import type { Target } from '../target.ts';
import { attributesOf, diskAttributes, sectorAttributes } from './attributes.ts';
import { consequencesOn } from './consequences.ts';
import { kernelDiskCorrupt } from './corrupt-descriptor.ts';
import { kernelDiskDelay } from './delay-descriptor.ts';
import { kernelDiskError } from './error-descriptor.ts';
import { kernelDiskReadOnly } from './read-only-descriptor.ts';
import { remarkOf } from './remark.ts';
import { kernelDiskUnavailable } from './unavailable-descriptor.ts';

interface CommandParameters {
  readonly sectors?: string | undefined;
  readonly directory?: string | undefined;
  readonly disk?: string | undefined;
}

/** What the module ordeal_storage does to the commands of one disk. */
export function kernelDiskInjectors(held: readonly Held[]): readonly Injector[] {
  const module = new KernelModule('ordeal_storage');
  const injector = <Parameters extends CommandParameters>(
    descriptor: Descriptor<Parameters>,
    effectOf: (parameters: Parameters) => Attributes,
  ): Injector<Parameters> =>
    new KernelInjector({
      descriptor,
      module,
      kind: 'storage',
      transfers: 'commands',
      attributesOf: async (injection) => {
        const effect = effectOf(injection.parameters);
        const disk = await targetDiskOf(injection, held, drive);
        return {
          ...diskAttributes(disk, effect),
          ...effect,
          ...sectorAttributes(injection.parameters.sectors),
        };
      },
      isOn,
      remarkOf: (status, injection) => {
        const remarks = [remarkOf(status), remarkOnScope(injection, status.lines['device'] ?? '')];
        return remarks.filter((remark) => remark !== undefined).join('; ') || undefined;
      },
      consequences: async (memory) => await consequences(memory),
    });
  return [
    injector(kernelDiskUnavailable, attributesOf.unavailable),
    injector(kernelDiskError, attributesOf.error),
    injector(kernelDiskReadOnly, attributesOf.readOnly),
    injector(kernelDiskDelay, attributesOf.delay),
    injector(kernelDiskCorrupt, attributesOf.corrupt),
  ];
}

/** A drive of its own, not something that is put together from others. */
const drive = {
  has: async (name: string): Promise<boolean> => {
    const blockDevices = new BlockDevices();
    if ((await blockDevices.read(name, 'dm/name')) !== '') return false;
    if ((await blockDevices.read(name, 'loop/backing_file')) !== '') return false;
    return (await blockDevices.partsOf(name)).length === 0;
  },
  wanted: 'disk that a driver serves',
};

async function isOn(fault: FaultDirectory, targets: readonly Target[]): Promise<boolean> {
  const [scsi, disk] = [await fault.read('scsi'), await fault.read('disk')];
  return targets.some(
    (target) => target.kind === 'disk' && (scsi === '' ? target.number === disk : target.scsi === scsi),
  );
}

async function consequences(memory: Memory): Promise<string | undefined> {
  const blockDevices = new BlockDevices();
  const { scsi, disk } = memory;
  if (typeof disk === 'string') {
    const name = await blockDevices.nameOf(disk);
    return name === undefined ? undefined : await consequencesOn(name);
  }
  for (const name of await blockDevices.names()) {
    if ((await blockDevices.scsiAddress(name)) === scsi) return await consequencesOn(name);
  }
  return undefined;
}
