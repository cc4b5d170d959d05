import { access, readFile } from 'node:fs/promises';
import { constants } from 'node:fs';
import { arch, cpus, release } from 'node:os';
import { mountedHierarchies, type Hierarchy } from '../../procfs/cgroup-hierarchies.ts';
import { good, limited, missing, type Finding } from './finding.ts';

/** Reading the time takes a system call with these, some microseconds each. */
const slowClocks = ['acpi_pm', 'hpet', 'jiffies'];

/** What the running kernel shows of itself. */
export async function lookAtKernel(): Promise<Finding[]> {
  return [
    good('kernel', `Linux ${release()} (${arch()})`),
    processors(),
    await cgroups(),
    await pressure(),
    await kernelLog(),
    await journal(),
    await clock(),
  ];
}

function processors(): Finding {
  const count = cpus().length;
  if (count > 1) return good('processors', String(count));
  return limited(
    'processors',
    '1',
    'A fault that takes the processor takes it from the agent as well: starts and ends will be late. Give the host a second one.',
  );
}

async function cgroups(): Promise<Finding> {
  const hierarchies = await mountedHierarchies();
  if (hierarchies.length > 0) return good('cgroups', describe(hierarchies));
  return missing(
    'cgroups',
    'none is mounted here',
    'Containers are found and held by their cgroups. In a container, give the agent the mount /sys/fs/cgroup of its host.',
  );
}

function describe(hierarchies: readonly Hierarchy[]): string {
  const of = (version: 1 | 2): Hierarchy[] => hierarchies.filter((one) => one.version === version);
  const controllers = of(1).flatMap((one) => one.controllers.filter((name) => !name.startsWith('name=')));
  return [
    ...(of(1).length === 0 ? [] : [`version 1 (${controllers.toSorted().join(', ')})`]),
    ...(of(2).length === 0 ? [] : ['version 2']),
  ].join(' and ');
}

async function pressure(): Promise<Finding> {
  const readable = await readFile('/proc/pressure/memory', 'utf8').then(
    () => true,
    () => false,
  );
  if (readable) return good('pressure', '/proc/pressure is readable');
  return limited(
    'pressure',
    'the kernel does not account for pressure (PSI)',
    'Memory pressure is then judged by page faults and reclaim. Boot with psi=1 to have it.',
  );
}

async function kernelLog(): Promise<Finding> {
  if (await isReadable('/dev/kmsg')) return good('kernel log', '/dev/kmsg is readable');
  return limited(
    'kernel log',
    '/dev/kmsg cannot be read',
    'Watchers of the kernel log will fail. Run the agent as root, outside of a container or with /dev/kmsg in it.',
  );
}

async function journal(): Promise<Finding> {
  if (await isReadable('/run/systemd/system')) return good('journal', 'systemd runs here');
  return limited(
    'journal',
    'systemd does not run here',
    'Watchers of the journal will fail; watch log files instead.',
  );
}

async function clock(): Promise<Finding> {
  const file = '/sys/devices/system/clocksource/clocksource0/current_clocksource';
  const source = (await readFile(file, 'utf8').catch(() => 'unknown')).trim();
  if (!slowClocks.includes(source)) return good('clock', source);
  return limited(
    'clock',
    source,
    'Reading this clock is slow, so instants are less precise. Boot with tsc or kvm-clock where the machine has it.',
  );
}

async function isReadable(path: string): Promise<boolean> {
  return await access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
}
