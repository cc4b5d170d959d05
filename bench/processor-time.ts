import { readFile } from 'node:fs/promises';

/** What /proc counts in: USER_HZ, which is 100 on every Linux that Node runs on. */
const ticksPerS = 100;

/** Seconds of processor time that a process and the children that it has waited for have used. */
export async function processorTimeS(pid: number, of: 'itself' | 'its children'): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name in brackets may hold anything; the numbers begin behind it, with the third field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const first = of === 'itself' ? 11 : 13;
  return (Number(fields[first]) + Number(fields[first + 1])) / ticksPerS;
}

export async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  return Number(kib) / 1024;
}
