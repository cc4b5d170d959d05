import { readFile } from 'node:fs/promises';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { directoryIn, mountedHierarchies, type Hierarchy } from '../../procfs/cgroup-hierarchies.ts';
import { allOwnProcesses } from '../../procfs/own-processes.ts';
import type { Attributes } from '../kernel-fault/injector.ts';

/** kmod/tasks/tasks.h: ORDEAL_MOST_PROTECTED. */
const mostProcesses = 16;

/**
 * What runs Ordeal is in nobody's scope: the agent's own cgroup, with all that it will start, and what else runs Ordeal outside of it. A cgroup
 * that is the whole hierarchy protects nothing: it would protect everything.
 */
export async function sparedAttributes(): Promise<Attributes> {
  const cgroup = ownCgroup(await readFile('/proc/self/cgroup', 'utf8'), await mountedHierarchies());
  const outside: number[] = [];
  for (const pid of await allOwnProcesses()) {
    const lines = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => undefined);
    if (lines === undefined) continue;
    const own = ownCgroup(lines, await mountedHierarchies());
    if (cgroup === undefined || !`${own ?? ''}/`.startsWith(`${cgroup}/`)) outside.push(pid);
  }
  if (outside.length > mostProcesses) {
    const many = `${outside.length} processes of Ordeal run outside of the agent's cgroup, and ${mostProcesses} can be spared`;
    throw new OrdealError('UNSUPPORTED', many, {
      remedy: 'Run the agent as a service of its own, as deploy/setup.sh makes it.',
    });
  }
  const processes = outside.sort((one, other) => one - other).join(' ');
  return { ...(cgroup === undefined ? {} : { protect_cgroup: cgroup }), protect_processes: processes };
}

/** The directory of the cgroup that /proc/<pid>/cgroup tells of, in the v2 hierarchy or else in the freezer's; undefined where that is its root. */
export function ownCgroup(lines: string, hierarchies: readonly Hierarchy[]): string | undefined {
  for (const [isIt, ofLine] of [
    [({ version }: Hierarchy) => version === 2, (controllers: string) => controllers === ''],
    [
      ({ controllers }: Hierarchy) => controllers.includes('freezer'),
      (controllers: string) => controllers.split(',').includes('freezer'),
    ],
  ] as const) {
    const hierarchy = hierarchies.find(isIt);
    const line = lines.split('\n').find((one) => ofLine(one.split(':')[1] ?? 'none'));
    if (hierarchy === undefined || line === undefined) continue;
    const directory = directoryIn(hierarchy, line.split(':').slice(2).join(':'));
    if (directory !== undefined) return directory;
  }
  return undefined;
}
