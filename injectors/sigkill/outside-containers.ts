import { readlink, stat } from 'node:fs/promises';
import { processesOfHost } from '../hog/mark.ts';

/**
 * The processes of this host that no container holds: one that shares the host's network is still told by its process ids or its root
 * directory. A service that systemd gives a network of its own is not among them.
 */
export async function processesOutsideContainers(): Promise<number[]> {
  const pids = await processesOfHost();
  const own = await viewOf('self');
  const views = await Promise.all(pids.map(viewOf));
  return pids.filter((_, index) => own !== undefined && views[index] === own);
}

/** What a process sees as its machine. Undefined where it is gone, or not to be looked into: then it is none that we may touch. */
async function viewOf(pid: number | 'self'): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(`/proc/${pid}/root`);
    return `${await readlink(`/proc/${pid}/ns/pid`)} ${dev}:${ino}`;
  } catch {
    return undefined;
  }
}
