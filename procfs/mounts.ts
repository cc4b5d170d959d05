import { readFile } from 'node:fs/promises';

/** One line of mountinfo. */
export interface Mount {
  readonly id: number;
  /** major:minor of its superblock; 0 as major where no block device is behind it, or several are (btrfs). */
  readonly device: string;
  /** Which directory of the filesystem is mounted: "/", but for a mount of only a part. */
  readonly root: string;
  readonly mountPoint: string;
  /** Of this mount alone, such as "rw". */
  readonly flags: readonly string[];
  readonly type: string;
  readonly source: string;
  /** Of the superblock, such as the directories of an overlay. */
  readonly options: readonly string[];
}

/** The mounts that a process sees, this one by default. */
export async function readMounts(pid: number | 'self' = 'self'): Promise<Mount[]> {
  return parseMounts(await readFile(`/proc/${pid}/mountinfo`, 'utf8'));
}

export function parseMounts(text: string): Mount[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [mount = '', filesystem = ''] = line.split(' - ');
      const [id, , device = '', root = '', mountPoint = '', flags = ''] = mount.split(' ');
      const [type = '', source = '', options = ''] = filesystem.split(' ');
      return {
        id: Number(id),
        device,
        root: unescape(root),
        mountPoint: unescape(mountPoint),
        flags: flags.split(','),
        type,
        source: unescape(source),
        // A comma within one is escaped.
        options: options.split(',').map(unescape),
      };
    });
}

/** Blanks and the like stand in mountinfo as their octal numbers. */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
