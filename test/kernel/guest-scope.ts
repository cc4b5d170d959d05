/** Starts a program as the first of a container without an engine. One that is gone is listed for a while: each has a name of its own. */
export function asContainer(name: string): string {
  return `systemd-run --quiet --scope --slice=machine.slice --unit=machine-${name} unshare --pid --fork --kill-child`;
}

export function groupOf(name: string): string {
  return `/sys/fs/cgroup/machine.slice/machine-${name}.scope`;
}
