import { stat } from 'node:fs/promises';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { mountedHierarchies } from '../../procfs/cgroup-hierarchies.ts';
import { initOf } from '../cgroup/container-init.ts';
import { holds, isUnified } from '../cgroup/control-group.ts';
import type { FaultDirectory } from '../kernel-fault/fault-directory.ts';
import type { Attributes } from '../kernel-fault/injector.ts';
import { nothingRunsIn, processesByName } from '../sigkill/processes-by-name.ts';
import { isWholeMachine, type ContainerTarget, type Target, type VmFromOutside } from '../target.ts';
import type { Scope } from './scope-parameters.ts';

/** Whose tasks, in the words of the module: held by what stays the same. */
export async function scopeAttributes(
  target: Target,
  { process: name, scope: by }: Scope,
): Promise<Attributes> {
  if (target.kind === 'vm' && target.metFrom === 'outside') return processOfVm(target, name);
  if (name !== undefined) return { process: await onlyProcess(name, target) };
  if (target.kind === 'container') return await containerScope(target, by);
  return { cgroup: await rootCgroup() };
}

/** Whether a fault that was found is about one of these targets: on a host, all that no container is told in. */
export async function isOnTargets(fault: FaultDirectory, targets: readonly Target[]): Promise<boolean> {
  const cgroup = await fault.read('cgroup');
  const namespace = Number(await fault.read('pid_namespace'));
  const isOfContainer = namespace !== 0 || (cgroup !== '' && cgroup !== (await rootCgroup()));
  for (const target of targets) {
    if (isWholeMachine(target) && !isOfContainer) return true;
    if (target.kind !== 'container' || !isOfContainer) continue;
    const found = await initOf(target).catch(() => undefined);
    if (found === undefined) continue;
    if (cgroup === found.group.directory || namespace === (await pidNamespaceOf(found.init.pid))) return true;
  }
  return false;
}

async function onlyProcess(name: string, target: Target): Promise<string> {
  const [one, ...others] = await processesByName(name, target);
  if (one !== undefined && others.length === 0) return `${one.pid} ${one.startTicks}`;
  const pids = [one, ...others].map((each) => each?.pid).join(', ');
  throw new OrdealError(
    'INVALID_INPUT',
    `process: ${others.length + 1} processes are named "${name}" (${pids}); it has to be one`,
    { remedy: 'Name what one process bears, or choose a container without naming a process.' },
  );
}

/** The QEMU itself: what goes wrong in it is a fault of the virtualization, not of the guest. */
function processOfVm({ pid, startTicks }: VmFromOutside, named: string | undefined): Attributes {
  if (named === undefined) return { process: `${pid} ${startTicks}` };
  throw new OrdealError(
    'INVALID_INPUT',
    'process: of a virtual machine from outside, it is its QEMU that is meant; a process in it is reached from within',
  );
}

async function containerScope(target: ContainerTarget, by: Scope['scope']): Promise<Attributes> {
  const found = await initOf(target);
  if (found === undefined) throw nothingRunsIn(target);
  if (by === 'cgroup') return { cgroup: found.group.directory };
  const namespace = await pidNamespaceOf(found.init.pid);
  if (namespace !== undefined && namespace !== (await pidNamespaceOf('self')))
    return { pid_namespace: namespace };
  throw new OrdealError(
    'INVALID_INPUT',
    `scope: the container ${target.name} has no pid namespace of its own`,
    {
      remedy: 'Tell its processes by its cgroup.',
    },
  );
}

/** Every program of the host is in it. */
async function rootCgroup(): Promise<string> {
  const whole = (await mountedHierarchies()).filter(({ root }) => root === '/');
  const hierarchy = whole.find(isUnified) ?? whole.find(holds('freezer'));
  if (hierarchy !== undefined) return hierarchy.mountPoint;
  throw new OrdealError('UNSUPPORTED', 'no cgroup hierarchy is mounted here, by which programs are told', {
    remedy: 'Give the agent the mount /sys/fs/cgroup of its host.',
  });
}

async function pidNamespaceOf(pid: number | 'self'): Promise<number | undefined> {
  return await stat(`/proc/${pid}/ns/pid`).then(
    ({ ino }) => ino,
    () => undefined,
  );
}
