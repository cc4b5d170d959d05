import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { OrdealError } from '../errors/ordeal-error.ts';
import { systemCode } from '../errors/system-code.ts';
import { mountedHierarchies, type Hierarchy } from '../procfs/cgroup-hierarchies.ts';

/** What an instance is confined by, and what faults act on; other v1 hierarchies hold nothing of ours. */
const confining = ['cpu', 'cpuacct', 'memory', 'freezer', 'pids'];
const confiningUnified = ['cpu', 'memory', 'pids'];

/** How long a dead process may keep its cgroup busy: the kernel lets go of it a moment after its end is seen. */
const busyForMs = 3_000;

/** Makes a cgroup, and its parents, in every hierarchy that matters. */
export async function makeCgroup(path: string): Promise<void> {
  for (const hierarchy of await confiningHierarchies()) {
    await mkdir(join(hierarchy.mountPoint, path), { recursive: true });
    if (hierarchy.version === 2) await enableControllers(hierarchy, dirname(path));
  }
}

/** The files to which a process writes itself to be in the cgroup. */
export async function processFilesOf(path: string): Promise<string[]> {
  const hierarchies = await confiningHierarchies();
  return hierarchies.map((hierarchy) => join(hierarchy.mountPoint, path, 'cgroup.procs'));
}

/** The directories of the cgroup and all below it, in every hierarchy of the machine; a parent before its children. */
export async function cgroupDirectories(path: string): Promise<string[]> {
  const found: string[] = [];
  for (const hierarchy of await mountedHierarchies()) await collect(join(hierarchy.mountPoint, path), found);
  return found;
}

/** Every process in the cgroup and below it. */
export async function processesIn(path: string): Promise<Set<number>> {
  const pids = new Set<number>();
  for (const directory of await cgroupDirectories(path)) {
    for (const pid of (await readIfThere(join(directory, 'cgroup.procs'))).split('\n')) {
      if (pid !== '') pids.add(Number(pid));
    }
  }
  return pids;
}

/** Stops every process of the cgroup where it stands, so that none can fork away from a signal. */
export async function freezeCgroup(path: string): Promise<void> {
  for (const directory of await cgroupDirectories(path)) await writeState(directory, 'FROZEN', '1');
}

export async function thawCgroup(path: string): Promise<void> {
  // A child can be frozen on its own, or by its parent, so each is thawed, parents first.
  for (const directory of await cgroupDirectories(path)) await writeState(directory, 'THAWED', '0');
}

export async function removeCgroup(path: string): Promise<void> {
  const childrenFirst = (await cgroupDirectories(path)).reverse();
  for (const directory of childrenFirst) await removeDirectory(directory);
}

async function removeDirectory(directory: string): Promise<void> {
  const giveUpAt = Date.now() + busyForMs;
  for (;;) {
    try {
      await rmdir(directory);
      return;
    } catch (error) {
      const code = systemCode(error);
      if (code === 'ENOENT') return;
      if (code !== 'EBUSY' || Date.now() > giveUpAt) {
        throw new OrdealError('COMMAND_FAILED', `the cgroup ${directory} cannot be removed (${code})`, {
          cause: error,
        });
      }
      await sleep(20);
    }
  }
}

async function collect(directory: string, found: string[]): Promise<void> {
  let entries;
  try {
    entries = await readdir(directory, { withFileTypes: true });
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  found.push(directory);
  for (const entry of entries) {
    if (entry.isDirectory()) await collect(join(directory, entry.name), found);
  }
}

async function writeState(directory: string, v1: string, v2: string): Promise<void> {
  await writeIfThere(join(directory, 'freezer.state'), v1);
  await writeIfThere(join(directory, 'cgroup.freeze'), v2);
}

/** A controller has to be switched on in each directory on the way down, by the one above. */
async function enableControllers(hierarchy: Hierarchy, parent: string): Promise<void> {
  const parts = parent.split('/');
  for (let depth = 0; depth <= parts.length; depth += 1) {
    const directory = join(hierarchy.mountPoint, ...parts.slice(0, depth));
    const available = (await readIfThere(join(directory, 'cgroup.controllers'))).trim().split(' ');
    const enabled = (await readIfThere(join(directory, 'cgroup.subtree_control'))).trim().split(' ');
    for (const controller of confiningUnified) {
      if (!available.includes(controller) || enabled.includes(controller)) continue;
      // Within a container that has no cgroup namespace of its own this is refused; the faults that need it say so then.
      await writeFile(join(directory, 'cgroup.subtree_control'), `+${controller}`).catch(() => undefined);
    }
  }
}

async function confiningHierarchies(): Promise<Hierarchy[]> {
  const hierarchies = await mountedHierarchies();
  return hierarchies.filter(
    ({ version, controllers }) => version === 2 || controllers.some((name) => confining.includes(name)),
  );
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    // ENODEV: the cgroup was removed between opening and reading it.
    if (['ENOENT', 'ENODEV'].includes(systemCode(error))) return '';
    throw error;
  }
}

async function writeIfThere(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'r+' });
  } catch (error) {
    if (!['ENOENT', 'ENODEV'].includes(systemCode(error))) throw error;
  }
}
