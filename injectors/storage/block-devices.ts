import { readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';

/** The block devices of this host as sysfs has them: which there are, what they are made of, what they are by themselves. */
export class BlockDevices {
  readonly #sysfs: string;

  constructor(sysfs = '/sys') {
    this.#sysfs = sysfs;
  }

  /** Whole devices, whatever they are made of. */
  async names(): Promise<string[]> {
    return (await readdir(join(this.#sysfs, 'block')).catch(() => [])).sort();
  }

  /** One of its files, such as `size` or `device/model`; empty where there is none. */
  async read(name: string, file: string): Promise<string> {
    return (await readFile(join(this.#sysfs, 'block', name, file), 'utf8').catch(() => '')).trim();
  }

  /** Where it is attached, such as pci0000:00/0000:00:02.0/virtio1, or virtual/block/loop0; undefined where it is not there. */
  async path(name: string): Promise<string | undefined> {
    const path = await realpath(join(this.#sysfs, 'block', name)).catch(() => undefined);
    if (path === undefined) return undefined;
    const below = relative(join(await realpath(this.#sysfs), 'devices'), path);
    // What hardware is called is no part of where it is.
    return below.startsWith('virtual/') ? below : below.replace(/\/block\/[^/]+$/, '');
  }

  /** The SCSI address, H:C:T:L; undefined where it is not SCSI. */
  async scsiAddress(name: string): Promise<string | undefined> {
    const device = await realpath(join(this.#sysfs, 'block', name, 'device')).catch(() => '');
    return /\/(\d+:\d+:\d+:\d+)$/.exec(device)?.[1];
  }

  /** The name of the iSCSI target that a disk comes from; undefined where it comes from none. */
  async iscsiTarget(name: string): Promise<string | undefined> {
    const device = await realpath(join(this.#sysfs, 'block', name, 'device')).catch(() => '');
    const session = /\/(session\d+)\//.exec(device)?.[1];
    if (session === undefined) return undefined;
    const file = join(this.#sysfs, 'class/iscsi_session', session, 'targetname');
    const target = (await readFile(file, 'utf8').catch(() => '')).trim();
    return target === '' ? undefined : target;
  }

  /** The whole device that a number (major:minor), its own or that of a partition, belongs to; undefined where there is none. */
  async nameOf(number: string): Promise<string | undefined> {
    const path = await realpath(join(this.#sysfs, 'dev/block', number)).catch(() => undefined);
    if (path === undefined) return undefined;
    const isPartition = await readFile(join(path, 'partition')).then(
      () => true,
      () => false,
    );
    return basename(isPartition ? dirname(path) : path);
  }

  /** What a whole device is made of, one step down: the devices that device mapper or md put together. */
  async partsOf(name: string): Promise<string[]> {
    const parts = new Set<string>();
    for (const slave of await readdir(join(this.#sysfs, 'block', name, 'slaves')).catch(() => [])) {
      const part = await this.nameOf(await this.#read('class/block', slave, 'dev'));
      if (part !== undefined) parts.add(part);
    }
    return [...parts];
  }

  /** The whole devices that a btrfs is on, of which one is known. */
  async sharedByBtrfs(name: string): Promise<string[]> {
    for (const id of await readdir(join(this.#sysfs, 'fs/btrfs')).catch(() => [])) {
      const members = await readdir(join(this.#sysfs, 'fs/btrfs', id, 'devices')).catch(() => []);
      const numbers = await Promise.all(
        members.map(async (member) => await this.#read('class/block', member, 'dev')),
      );
      const names = await Promise.all(numbers.map(async (number) => await this.nameOf(number)));
      if (names.includes(name)) return names.filter((one) => one !== undefined);
    }
    return [name];
  }

  async #read(...path: readonly string[]): Promise<string> {
    return (await readFile(join(this.#sysfs, ...path), 'utf8').catch(() => '')).trim();
  }
}
