import type { Place } from '../kernel/place.ts';

/** What a fault of any kind changes on a host, each with a name, a line for each thing. It is asked of the kernel, never of Ordeal. */
const looks: Readonly<Record<string, string>> = {
  'faults of the modules': 'cd /sys/kernel/config/ordeal 2> /dev/null && ls -d */*/',
  'threads of the modules': "ps -e -o comm= | grep '^ordeal_'",
  'processors that are off': 'cat /sys/devices/system/cpu/offline | grep .',
  'queueing disciplines': "ip -o link | sed -n 's/^[0-9]*: \\([^:@]*\\).* \\(qdisc [a-z_]*\\) .*/\\1 \\2/p'",
  'devices of device mapper': 'cd /sys/block && ls -d dm-*',
  'limits of containers':
    'cd /sys/fs/cgroup/machine.slice && grep -s . */cpu.max */memory.max */memory.high */memory.swap.max */cgroup.freeze',
  'cgroups of containers': 'cd /sys/fs/cgroup/machine.slice && find . -mindepth 2 -type d',
  'entries of the journal': 'cd /var/lib/ordeal/agent/journal && ls',
  'processes of faults': "ps -e -o args= | grep '[o]rdeal:[a-z]'",
};

/** What is there of it now, by lines. */
export async function lookForLeftOvers(place: Place): Promise<string[]> {
  const script = Object.entries(looks).map(
    ([what, look]) => `( ${look} ) 2> /dev/null | sed 's|^|${what}: |'`,
  );
  return (await place.demand(`${script.join('\n')}\ntrue`)).split('\n').filter(Boolean);
}

/** What is there now and was not before the fault. */
export function leftOver(before: readonly string[], now: readonly string[]): string[] {
  return now.filter((line) => !before.includes(line));
}
