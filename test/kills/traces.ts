import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { machineFingerprint } from '../integration/machine-fingerprint.ts';
import type { OrdealUp } from './ordeal-up.ts';

const hierarchies = ['', 'unified', 'cpu', 'freezer', 'memory'];
/** Where a freeze, a quota and a memory limit are, in either version of cgroups. */
const limits = [
  'cgroup.freeze',
  'cpu.max',
  'memory.max',
  'memory.swap.max',
  'freezer.state',
  'cpu.cfs_quota_us',
  'memory.limit_in_bytes',
  'memory.memsw.limit_in_bytes',
];

/**
 * All that a fault could leave on the hosts of this Ordeal, as lines: what the kernel has of them, what stands in the journals, which
 * host is in quarantine. Processes by their command lines, since those that were killed have come back under other ids.
 */
export async function tracesOf(up: OrdealUp): Promise<string[]> {
  const machine = (await machineFingerprint())
    .filter((line) => line.includes(up.name) || line.includes(up.directory))
    .map((line) => line.replace(/^process \d+ /, 'process '))
    .filter((line) => !isOfTheCommand(line));
  const hosts = (await up.json('hosts')) as { name: string; quarantinedBecause: string[] }[];
  return [
    ...machine,
    ...(await limitsOf(up)),
    ...(await up.journals()).map((entry) => `journal ${entry}`),
    ...hosts.flatMap(({ name, quarantinedBecause }) =>
      quarantinedBecause.map((why) => `quarantine ${name}: ${why}`),
    ),
  ].sort();
}

/** What is there now and was not before, and what was and is not. */
export function changes(before: readonly string[], now: readonly string[]): string[] {
  return [
    ...without(now, before).map((line) => `+ ${line}`),
    ...without(before, now).map((line) => `- ${line}`),
  ];
}

function without(some: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return some.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** `ordeal campaign list` and the like, which the one who looks has started. */
function isOfTheCommand(line: string): boolean {
  return line.startsWith('process ') && / (campaign|hosts) /.test(line);
}

async function limitsOf({ system }: OrdealUp): Promise<string[]> {
  const lines: string[] = [];
  for (const { name, container } of system.hosts) {
    for (const hierarchy of hierarchies) {
      for (const file of limits) {
        const path = join('/sys/fs/cgroup', hierarchy, container.cgroup, file);
        if (existsSync(path)) lines.push(`limit of ${name} ${file} ${(await readFile(path, 'utf8')).trim()}`);
      }
    }
  }
  return lines;
}
