import { readFile } from 'node:fs/promises';
import { mountedHierarchies } from '../../procfs/cgroup-hierarchies.ts';
import { tapsOf } from '../../injectors/qemu/tap.ts';
import { monitorSockets, qemuProcesses, type QemuProcess } from '../../injectors/qemu/process.ts';
import { cgroupIdOf, processesIn } from './cgroups.ts';

/** A virtual machine that this host runs. */
export interface HostedVm {
  readonly name: string;
  readonly qemu: QemuProcess;
  readonly monitors: readonly string[];
  /** Of the interfaces of this host. */
  readonly taps: readonly string[];
  /** Absent where its process shares its cgroup with another. */
  readonly cgroup?: { readonly cgroup: string; readonly cgroupId: number };
}

/** By the names that they were given; those of a name that another one or `taken` has are told apart by their process. */
export async function readHostedVms(taken: readonly string[]): Promise<HostedVm[]> {
  const processes = await qemuProcesses();
  const names = [...taken, ...processes.map(givenName)];
  return await Promise.all(
    processes.map(async (qemu) => {
      const given = givenName(qemu);
      const isSingle = names.filter((name) => name === given).length === 1;
      const cgroup = await ownCgroupOf(qemu.pid);
      return {
        name: isSingle ? given : `${given}-${qemu.pid}`,
        qemu,
        monitors: await monitorSockets(qemu),
        taps: await tapsOf(qemu.pid),
        ...(cgroup === undefined ? {} : { cgroup }),
      };
    }),
  );
}

function givenName({ name, pid }: QemuProcess): string {
  return name ?? `qemu-${pid}`;
}

/** A cgroup that holds this process and no other, by a path that every hierarchy has in which the process is not in the root. */
async function ownCgroupOf(pid: number): Promise<HostedVm['cgroup']> {
  const lines = await readFile(`/proc/${pid}/cgroup`, 'utf8').catch(() => '');
  const paths = new Set(
    lines
      .split('\n')
      .map((line) => line.split(':').slice(2).join(':').replace(/^\//, ''))
      .filter((path) => path !== ''),
  );
  const [cgroup, ...others] = paths;
  if (cgroup === undefined || others.length > 0 || (await mountedHierarchies()).length === 0)
    return undefined;
  const inside = await processesIn(cgroup);
  const cgroupId = await cgroupIdOf(cgroup);
  return inside.size === 1 && inside.has(pid) && cgroupId !== undefined ? { cgroup, cgroupId } : undefined;
}
