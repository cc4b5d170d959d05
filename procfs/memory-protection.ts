import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { directoryIn, mountedHierarchies } from './cgroup-hierarchies.ts';

/**
 * How much memory the kernel leaves to the cgroup of a process, however little there is: no more than each of the cgroups above it lets it have.
 * Undefined where the hierarchy of version 2, which alone can do it, does not have the controller.
 */
export async function protectedBytes(pid: number): Promise<number | undefined> {
  const lines = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
  const path = /^0::(.*)$/m.exec(lines)?.[1];
  const unified = (await mountedHierarchies()).find(({ version }) => version === 2);
  if (path === undefined || unified === undefined || !(await hasMemory(unified.mountPoint))) return undefined;
  let least = 0;
  const own = directoryIn(unified, path);
  for (let at = own; at !== undefined && at !== unified.mountPoint; at = dirname(at)) {
    const bytes = await minimumOf(at);
    least = at === own ? bytes : Math.min(least, bytes);
  }
  return least;
}

async function hasMemory(mountPoint: string): Promise<boolean> {
  const controllers = await readFile(join(mountPoint, 'cgroup.controllers'), 'utf8').catch(() => '');
  return controllers.trim().split(' ').includes('memory');
}

async function minimumOf(directory: string): Promise<number> {
  const text = (await readFile(join(directory, 'memory.min'), 'utf8').catch(() => '0')).trim();
  return text === 'max' ? Number.POSITIVE_INFINITY : Number(text);
}
