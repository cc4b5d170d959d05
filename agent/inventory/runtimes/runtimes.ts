import { mountedHierarchies, type Hierarchy } from '../../../procfs/cgroup-hierarchies.ts';
import { cgroupsOfProcesses } from '../../../procfs/cgroups-of-processes.ts';
import { readStat } from '../../../procfs/stat.ts';
import { recogniseByPath } from './by-path.ts';
import { containerdTasks, describeKubernetes } from './containerd.ts';
import { describeDocker } from './docker.ts';
import { describePodman } from './podman.ts';
import type { Described, Recognised, Runtime, RuntimeContainer } from './recognised.ts';
import { runcStates } from './runc.ts';
import { StateFiles } from './state-files.ts';

/** So much of an id is what people see of it, where there is no name. */
const shownOfId = 12;

const describers: Readonly<
  Partial<Record<Runtime, (id: string, files: StateFiles) => Promise<Described | undefined>>>
> = { docker: describeDocker, podman: describePodman, kubernetes: describeKubernetes };

/** What the kernel says of the processes of a host. */
interface Kernel {
  readonly cgroups: ReadonlyMap<number, readonly string[]>;
  readonly hierarchies: readonly Hierarchy[];
  readonly startTicksOf: (pid: number) => Promise<number | undefined>;
}

/** Every container that runs on this host, by what its runtime's cgroups and its state on disk tell. No daemon is asked: one may be the target. */
export async function runtimeContainers(): Promise<RuntimeContainer[]> {
  const kernel = {
    cgroups: await cgroupsOfProcesses(),
    hierarchies: await mountedHierarchies(),
    startTicksOf: async (pid: number) => (await readStat(pid))?.startTicks,
  };
  return await containersAmong(kernel, new StateFiles());
}

export async function containersAmong(
  { cgroups, hierarchies, startTicksOf }: Kernel,
  files: StateFiles,
): Promise<RuntimeContainer[]> {
  const found = new Map<string, RuntimeContainer>();
  const add = (one: Recognised, described?: Described): void => {
    if (found.has(one.cgroup)) return;
    const { name, ...more } = described ?? { name: one.id.slice(0, shownOfId) };
    found.set(one.cgroup, { ...one, ...more, name: `${one.runtime}/${name}` });
  };
  for (const path of new Set([...cgroups.values()].flat())) {
    const one = recogniseByPath(path);
    if (one === undefined || found.has(one.cgroup)) continue;
    add(one, await describers[one.runtime]?.(one.id, files));
  }
  for (const { id, pid, cgroupsPath, described } of await containerdTasks(files)) {
    const own = cgroups.get(pid) ?? [];
    const cgroup = own.map((path) => leadingTo(cgroupsPath, path)).find(isOne);
    if (cgroup !== undefined) add({ runtime: 'containerd', id, cgroup }, described);
  }
  for (const { id, pid, startTicks, directories } of await runcStates(files)) {
    // The state of one that was killed stays there, and its process may be another by now.
    if ((await startTicksOf(pid)) !== startTicks) continue;
    const own = cgroups.get(pid) ?? [];
    const told = directories.map((directory) => pathIn(directory, hierarchies)).filter(isOne);
    const cgroup = told.find((path) => own.some((each) => `${each}/`.startsWith(`/${path}/`)));
    if (cgroup !== undefined) add({ runtime: 'runc', id, cgroup }, { name: id });
  }
  return [...found.values()];
}

/** How much of a process's cgroup is the container's: down to what was asked for, and not what the container has made within. */
function leadingTo(asked: string, path: string): string | undefined {
  const end = pathOf(asked);
  const parts = path.slice(1).split('/');
  const leading = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  return end === '' ? undefined : leading.find((one) => one === end || one.endsWith(`/${end}`));
}

/** systemd is told of slice, prefix and name, and makes a scope of the last two. */
function pathOf(asked: string): string {
  const [, prefix = '', name] = asked.split(':');
  return name === undefined ? asked.replace(/^\/+/, '') : `${prefix}-${name}.scope`;
}

function pathIn(directory: string, hierarchies: readonly Hierarchy[]): string | undefined {
  const holder = hierarchies.find(
    ({ mountPoint, root }) => root === '/' && directory.startsWith(`${mountPoint}/`),
  );
  return holder && directory.slice(holder.mountPoint.length + 1);
}

function isOne<Value>(value: Value | undefined): value is Value {
  return value !== undefined;
}
