import { readMounts, type Mount } from '../../procfs/mounts.ts';
import { disksBeneath } from '../storage/disks-behind.ts';

/** What a fault did to the filesystems on a disk, for people; it is for a redeploy to undo. Undefined where nothing is to be seen. */
export async function consequencesOn(disk: string): Promise<string | undefined> {
  const stopped: string[] = [];
  for (const mount of givenUpAmong(await readMounts())) {
    const behind = await disksBeneath(mount.device).catch(() => new Set<string>());
    if (behind.has(disk)) stopped.push(mount.mountPoint);
  }
  return stopped.length === 0
    ? undefined
    : `consequence: the kernel has stopped writing to the filesystem ${[...new Set(stopped)].join(', ')}`;
}

/** Mounted to be written, by a filesystem that is not written any more: so it looks when an error, not a person, made it read-only. */
export function givenUpAmong(mounts: readonly Mount[]): Mount[] {
  return mounts.filter(
    ({ device, flags, options }) =>
      !device.startsWith('0:') &&
      flags.includes('rw') &&
      ['ro', 'emergency_ro', 'shutdown'].some((sign) => options.includes(sign)),
  );
}
