import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { run } from '../../command/run.ts';

/** The first CPU that this process may use: what competes for one CPU is dealt its shares there by the kernel, however busy that is. */
const cpu = /^Cpus_allowed_list:\s+(\d+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';

export async function keepOnOneCpu(pids: readonly number[]): Promise<void> {
  for (const pid of pids) await run('taskset', ['--pid', '--cpu-list', cpu, String(pid)]);
}

/** The CPU time that processes have used, ever. */
export async function usedUs(pids: readonly number[]): Promise<number> {
  const texts = await Promise.all(pids.map(async (pid) => await readFile(`/proc/${pid}/schedstat`, 'utf8')));
  return texts.reduce((sum, text) => sum + Number(text.split(' ')[0]) / 1000, 0);
}
