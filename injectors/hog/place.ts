import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { mountedHierarchies, type Hierarchy } from '../../procfs/cgroup-hierarchies.ts';

/** Where a hog is put: the files to which it writes itself, and the process whose namespaces it enters. */
export interface Place {
  readonly processFiles: readonly string[];
  /** Absent where it stays in the namespaces of the agent: on the host. */
  readonly init?: number;
}

/** The very cgroups that a process is in, in each hierarchy: a container need not be in the same one everywhere. */
export async function placeOf(init: number): Promise<Place> {
  const processFiles = processFilesOf(
    await readFile(`/proc/${init}/cgroup`, 'utf8'),
    await mountedHierarchies(),
  );
  return { processFiles, init };
}

/** At the top of every hierarchy, where it competes with all the cgroups of the host and is confined by none. */
export async function placeOnHost(): Promise<Place> {
  const hierarchies = (await mountedHierarchies()).filter(({ root }) => root === '/');
  return { processFiles: hierarchies.map(({ mountPoint }) => join(mountPoint, 'cgroup.procs')) };
}

/** From the lines of /proc/<pid>/cgroup: "4:memory:/web", and "0::/web" for v2. */
export function processFilesOf(lines: string, hierarchies: readonly Hierarchy[]): string[] {
  return lines.split('\n').flatMap((line) => {
    const [, controllers = '', ...path] = line.split(':');
    if (path.length === 0) return [];
    const hierarchy = hierarchies.find((one) =>
      controllers === ''
        ? one.version === 2
        : controllers.split(',').every((name) => one.controllers.includes(name)),
    );
    if (hierarchy === undefined) return [];
    const below = relative(hierarchy.root, path.join(':'));
    return below.startsWith('..') ? [] : [join(hierarchy.mountPoint, below, 'cgroup.procs')];
  });
}
