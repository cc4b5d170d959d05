import type { Machine } from '../../lab/machine/machine.ts';

/** Starts a program as the first of a container without an engine. One that is gone is listed for a while: each has a name of its own. */
export function asContainer(name: string): string {
  return `systemd-run --quiet --scope --slice=machine.slice --unit=machine-${name} unshare --pid --fork --kill-child`;
}

export function groupOf(name: string): string {
  return `/sys/fs/cgroup/machine.slice/machine-${name}.scope`;
}

/** The inode of the pid namespace of a process; of the machine's own for `self`. */
export async function pidNamespaceOf(machine: Machine, pid: string): Promise<string> {
  return (await machine.demand(`readlink /proc/${pid}/ns/pid | tr -dc 0-9`)).trim();
}
