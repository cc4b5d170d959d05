import { readdir, readFile } from 'node:fs/promises';
import { isGuardian } from './guardians.ts';
import { readStat } from './stat.ts';

/**
 * What Ordeal runs as on this host, by process id: this agent, what it started (a load driver), the process that started it (its guardian)
 * and, as far up as they are Ordeal too (`ordeal up`), those above with their other children: the controller, the event store.
 */
export async function ownProcesses(): Promise<Set<number>> {
  const own = new Set([process.pid, ...(await childrenOf(process.pid))]);
  // Where init is the parent there is nothing to learn from it.
  for (let above = process.ppid; above > 1; above = (await readStat(above))?.parent ?? 0) {
    own.add(above);
    if (!(await isOrdeal(above))) break;
    for (const pid of await childrenOf(above)) own.add(pid);
  }
  return own;
}

/** The same, and whatever else runs Ordeal's program here: a controller that is a service of its own. */
export async function allOwnProcesses(): Promise<Set<number>> {
  const own = await ownProcesses();
  for (const pid of await allProcesses()) if (await isOrdeal(pid)) own.add(pid);
  return own;
}

/** What of Ordeal is here beside this agent, its guardian and what it has started: a controller, `ordeal up`, another agent. */
export async function ordealBesideThis(): Promise<number[]> {
  const ours = new Set([process.pid, ...(await childrenOf(process.pid))]);
  if (await isGuardian(process.ppid)) ours.add(process.ppid);
  const others: number[] = [];
  for (const pid of await allProcesses()) if (!ours.has(pid) && (await isOrdeal(pid))) others.push(pid);
  return others;
}

async function isOrdeal(pid: number): Promise<boolean> {
  if (await isGuardian(pid)) return true;
  const program = process.argv[1];
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return program !== undefined && commandLine.split('\0').includes(program);
}

async function childrenOf(parent: number): Promise<number[]> {
  const children: number[] = [];
  // Not every kernel keeps /proc/<pid>/task/<tid>/children.
  for (const pid of await allProcesses()) {
    if ((await readStat(pid))?.parent === parent) children.push(pid);
  }
  return children;
}

async function allProcesses(): Promise<number[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
}
