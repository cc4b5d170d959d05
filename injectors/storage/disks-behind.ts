import { open, readFile, stat } from 'node:fs/promises';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { readMounts, type Mount } from '../../procfs/mounts.ts';
import { BlockDevices } from './block-devices.ts';

/** What is in memory, or on another machine: no disk of this host is behind it. */
const withoutDisk: readonly string[] = [
  'tmpfs',
  'ramfs',
  'rootfs',
  'devtmpfs',
  'hugetlbfs',
  'proc',
  'sysfs',
  'cgroup',
  'cgroup2',
  'nfs',
  'nfs4',
  'cifs',
  'smb3',
  'ceph',
  '9p',
  'virtiofs',
];

/** Through so many layers (a file in a loop device in an overlay) it is followed; more is a circle. */
const deepest = 16;

interface Where {
  readonly blockDevices?: BlockDevices;
  /** The process in whose file tree the path is; its mounts are not this one's. */
  readonly pid?: number | 'self';
}

/**
 * Every whole block device that a path rests on: that of its filesystem, all that this one is made of, down to the disks. Empty where
 * no disk of this host is behind it; throws where that cannot be told.
 */
export async function disksBehind(
  path: string,
  { blockDevices = new BlockDevices(), pid = 'self' }: Where = {},
): Promise<Set<string>> {
  const found = new Set<string>();
  await new Search(blockDevices, pid, found).path(path, deepest);
  return found;
}

/** The same for a block device, by its number (major:minor). */
export async function disksBeneath(number: string, blockDevices = new BlockDevices()): Promise<Set<string>> {
  const found = new Set<string>();
  await new Search(blockDevices, 'self', found).device(number, deepest);
  return found;
}

class Search {
  readonly #blockDevices: BlockDevices;
  readonly #pid: number | 'self';
  readonly #found: Set<string>;

  constructor(blockDevices: BlockDevices, pid: number | 'self', found: Set<string>) {
    this.#blockDevices = blockDevices;
    this.#pid = pid;
    this.#found = found;
  }

  async path(path: string, depth: number): Promise<void> {
    if (depth === 0) throw unknown(path, 'it leads in a circle');
    await this.#mount(await this.#mountOf(path), depth);
  }

  async device(number: string, depth: number): Promise<void> {
    const name = await this.#blockDevices.nameOf(number);
    if (name === undefined) throw unknown(`the block device ${number}`, 'sysfs does not have it');
    await this.#whole(name, depth);
  }

  async #mount({ device, type, source, options }: Mount, depth: number): Promise<void> {
    if (!device.startsWith('0:')) {
      await this.device(device, depth);
      return;
    }
    if (withoutDisk.includes(type)) return;
    if (type === 'overlay') {
      for (const directory of layersIn(options)) await this.path(directory, depth - 1);
      return;
    }
    const number = await numberOf(source);
    const name = number === undefined ? undefined : await this.#blockDevices.nameOf(number);
    if (name === undefined) throw unknown(source, `a filesystem of the kind ${type} does not tell`);
    const members = type === 'btrfs' ? await this.#blockDevices.sharedByBtrfs(name) : [name];
    for (const member of members) await this.#whole(member, depth);
  }

  async #whole(name: string, depth: number): Promise<void> {
    if (this.#found.has(name)) return;
    this.#found.add(name);
    for (const part of await this.#blockDevices.partsOf(name)) await this.#whole(part, depth);
    const file = await this.#blockDevices.read(name, 'loop/backing_file');
    if (file !== '') await this.path(file, depth - 1);
  }

  /** By the id of the mount, not by the path: two filesystems can be mounted in one place, and only the kernel knows which one is on top. */
  async #mountOf(path: string): Promise<Mount> {
    const file = await open(path).catch((error: unknown) => {
      throw unknown(path, OrdealError.from(error).message);
    });
    try {
      const info = await readFile(`/proc/self/fdinfo/${file.fd}`, 'utf8');
      const id = Number(/^mnt_id:\s*(\d+)$/m.exec(info)?.[1]);
      const mount = (await readMounts(this.#pid)).find((one) => one.id === id);
      if (mount === undefined) throw unknown(path, 'its mount is not seen from here');
      return mount;
    } finally {
      await file.close();
    }
  }
}

/** Layers that are named by a relative path lie beside the others: engines of containers shorten them so. */
function layersIn(options: readonly string[]): string[] {
  const directories = options.flatMap((option) => {
    const [key = '', value = ''] = option.split(/=(.*)/s);
    const paths = key === 'lowerdir' ? (value.match(/(?:\\.|[^\\:])+/g) ?? []) : [value];
    const isLayer = ['lowerdir', 'lowerdir+', 'datadir+', 'upperdir'].includes(key);
    // Colons and commas of a path have a backslash before them.
    return isLayer ? paths.map((path) => path.replace(/\\(.)/g, '$1')) : [];
  });
  const absolute = directories.filter((path) => path.startsWith('/'));
  if (absolute.length === 0)
    throw unknown('an overlay', 'none of its directories is named by its whole path');
  return absolute;
}

async function numberOf(device: string): Promise<string | undefined> {
  const found = await stat(device, { bigint: true }).catch(() => undefined);
  return found?.isBlockDevice() === true ? numberFrom(found.rdev) : undefined;
}

/** As the C library packs the two. */
export function numberFrom(packed: bigint): string {
  const major = ((packed >> 8n) & 0xfffn) | ((packed >> 32n) & ~0xfffn);
  const minor = (packed & 0xffn) | ((packed >> 12n) & ~0xffn & 0xffff_ffffn);
  return `${major}:${minor}`;
}

function unknown(what: string, why: string): OrdealError {
  return new OrdealError('NO_TARGET', `which disk is behind ${what} cannot be told: ${why}`, {
    remedy: 'Choose what lies on a filesystem whose disk the kernel names: ext4, XFS, btrfs, overlay.',
  });
}
