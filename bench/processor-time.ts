import { readFile } from 'node:fs/promises';
import { readStat } from '../procfs/stat.ts';

/** What /proc counts in: USER_HZ, which is 100 on every Linux that Node runs on. */
const ticksPerS = 100;

/** Seconds of processor time that a process, or the children that it has waited for, have used. */
export async function processorTimeS(pid: number, of: 'itself' | 'its children'): Promise<number> {
  const stat = await readStat(pid);
  if (stat === undefined) throw new Error(`there is no process ${pid}`);
  return (of === 'itself' ? stat.usedTicks : stat.usedByChildrenTicks) / ticksPerS;
}

export async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  return Number(kib) / 1024;
}
