import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { directoryIn, mountedHierarchies } from '../../procfs/cgroup-hierarchies.ts';
import { systemCode } from '../../errors/system-code.ts';

/** The paths, below the roots of the hierarchies, of every cgroup that one of the globs matches, in any of them. */
export async function matchingCgroups(globs: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  const deepest = Math.max(0, ...globs.map((glob) => glob.split('/').length));
  for (const { mountPoint, root } of await mountedHierarchies()) {
    // A mount of only a part of a hierarchy shows other paths than the ones that the globs are written for.
    if (root !== '/') continue;
    for (const path of await below(mountPoint, '', deepest, globs)) {
      if (globs.some((glob) => matchesWhole(path, glob))) found.add(path);
    }
  }
  return [...found].sort();
}

/** The cgroup's id: its inode in the v2 hierarchy, or in the freezer's on a host without one; undefined where it is not there. */
export async function cgroupIdOf(path: string): Promise<number | undefined> {
  const hierarchies = await mountedHierarchies();
  const identifying =
    hierarchies.find((one) => one.version === 2) ??
    hierarchies.find((one) => one.controllers.includes('freezer'));
  const directory = identifying && directoryIn(identifying, path);
  return directory === undefined ? undefined : (await stat(directory).catch(() => undefined))?.ino;
}

/** Every process in the cgroup or below it, in whichever hierarchy. */
export async function processesIn(path: string): Promise<Set<number>> {
  const pids = new Set<number>();
  for (const hierarchy of await mountedHierarchies()) {
    const directory = directoryIn(hierarchy, path);
    if (directory !== undefined) await collect(directory, pids);
  }
  return pids;
}

async function collect(directory: string, pids: Set<number>): Promise<void> {
  const procs = await readFile(join(directory, 'cgroup.procs'), 'utf8').catch(() => '');
  for (const pid of procs.split('\n')) {
    // 0 is a process outside of this pid namespace.
    if (Number(pid) > 0) pids.add(Number(pid));
  }
  for (const name of await directoriesIn(directory)) await collect(join(directory, name), pids);
}

/** Only along the globs: a machine has thousands of cgroups, and this is asked every few seconds. */
async function below(
  mountPoint: string,
  parent: string,
  deepest: number,
  globs: readonly string[],
): Promise<string[]> {
  const depth = parent === '' ? 0 : parent.split('/').length;
  if (depth === deepest) return [];
  const found: string[] = [];
  for (const name of await directoriesIn(join(mountPoint, parent))) {
    const path = parent === '' ? name : `${parent}/${name}`;
    if (!globs.some((glob) => matchesStart(path, glob))) continue;
    found.push(path, ...(await below(mountPoint, path, deepest, globs)));
  }
  return found;
}

function matchesWhole(path: string, glob: string): boolean {
  return path.split('/').length === glob.split('/').length && matchesStart(path, glob);
}

/** Part by part, so that a star never stands for a slash and a container is not found again in its own children. */
function matchesStart(path: string, glob: string): boolean {
  const patterns = glob.split('/');
  return path.split('/').every((part, index) => {
    const pattern = patterns[index];
    return pattern !== undefined && matchesPart(part, pattern);
  });
}

/** A star stands for any characters; nothing else is special. */
function matchesPart(part: string, pattern: string): boolean {
  const literals = pattern.split('*').map((text) => text.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  return new RegExp(`^${literals.join('.*')}$`).test(part);
}

async function directoriesIn(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    // Removed while it was looked at; ENODEV is what the kernel says then to one who has it open.
    if (['ENOENT', 'ENODEV'].includes(systemCode(error))) return [];
    throw error;
  }
}
