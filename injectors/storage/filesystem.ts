import { stat, statfs } from 'node:fs/promises';

/** What can be known of the filesystem that holds a path. */
export interface Filesystem {
  readonly device: number;
  /** The magic number of its kind, as statfs(2) has it. */
  readonly kind: number;
  readonly sizeBytes: number;
  readonly freeBytes: number;
  readonly files: number;
}

const tmpfs = 0x0102_1994;

/** Each device is a filesystem with space of its own: ext2 to ext4, XFS, F2FS, FAT, tmpfs. */
const ownSpace: readonly number[] = [0xef53, 0x5846_5342, 0xf2f5_2010, 0x4d44, tmpfs];

/** The space is another one's, or is shared by several devices; but all tell the same size: overlayfs, btrfs. */
const sharedSpace: readonly number[] = [0x794c_7630, 0x9123_683e];

export async function filesystemOf(path: string): Promise<Filesystem> {
  const { dev } = await stat(path);
  const { type, bsize, blocks, bfree, files } = await statfs(path);
  return { device: dev, kind: type, sizeBytes: blocks * bsize, freeBytes: bfree * bsize, files };
}

/** Whether it can be told what else is full when this is. Not so of pools (ZFS), of what a server holds (NFS, FUSE), of what has no size (proc). */
export function hasKnownSpace({ kind, sizeBytes }: Filesystem): boolean {
  return sizeBytes > 0 && (ownSpace.includes(kind) || sharedSpace.includes(kind));
}

export function isInMemory({ kind }: Filesystem): boolean {
  return kind === tmpfs;
}

/** Whether to fill the one is to fill the other. */
export function shareSpace(one: Filesystem, other: Filesystem): boolean {
  if (one.device === other.device) return true;
  const mayShare = [one, other].some(({ kind }) => sharedSpace.includes(kind));
  return mayShare && one.sizeBytes === other.sizeBytes && one.files === other.files;
}
