import { join, relative } from 'node:path';
import { readMounts, type Mount } from './mounts.ts';

export interface Hierarchy {
  readonly version: 1 | 2;
  readonly mountPoint: string;
  /** The cgroup that the mount point shows: "/", but for a mount of only a part. */
  readonly root: string;
  /** The v1 controllers that are mounted there; which ones a v2 cgroup has is said by each cgroup itself. */
  readonly controllers: readonly string[];
}

/** The cgroup hierarchies of this host, each once: v1 controllers, the v2 one of a hybrid, or v2 alone. */
export async function mountedHierarchies(): Promise<Hierarchy[]> {
  return hierarchiesAmong(await readMounts());
}

export function hierarchiesAmong(mounts: readonly Mount[]): Hierarchy[] {
  const byDevice = new Map<string, Hierarchy>();
  for (const { device, type, mountPoint, root, options } of mounts) {
    if (type !== 'cgroup' && type !== 'cgroup2') continue;
    // The same hierarchy may be mounted in several places; a mount of the whole of it reaches every cgroup.
    if (byDevice.get(device)?.root === '/') continue;
    const controllers = options.filter((option) => option !== 'rw' && option !== 'ro');
    if (type === 'cgroup') byDevice.set(device, { version: 1, mountPoint, root, controllers });
    else byDevice.set(device, { version: 2, mountPoint, root, controllers: [] });
  }
  return [...byDevice.values()];
}

/** Where a cgroup, named by its path below the root of the hierarchy, is found; undefined where the mount does not show it. */
export function directoryIn(hierarchy: Hierarchy, cgroup: string): string | undefined {
  const below = relative(hierarchy.root, join('/', cgroup));
  return below === '' || below.startsWith('..') ? undefined : join(hierarchy.mountPoint, below);
}
