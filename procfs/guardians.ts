import { readdir, readFile } from 'node:fs/promises';

/** As the kernel calls the process, which is 15 letters at most. */
const name = 'ordeal-guardian';

/** Whether it is the guardian of an agent: it has the agent's command line behind its own, and runs none of Ordeal's JavaScript. */
export async function isGuardian(pid: number): Promise<boolean> {
  const comm = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
  return comm.trimEnd() === name;
}

/** All that are on this host. */
export async function guardiansHere(): Promise<number[]> {
  const found: number[] = [];
  for (const entry of await readdir('/proc')) {
    const pid = Number(entry);
    if (Number.isInteger(pid) && (await isGuardian(pid))) found.push(pid);
  }
  return found;
}
