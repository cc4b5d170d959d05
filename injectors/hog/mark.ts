import { readdir, readFile, readlink } from 'node:fs/promises';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { controlGroupsOf, within } from '../cgroup/control-group.ts';
import { isWholeMachine, type Target } from '../target.ts';

const hogPrefix = 'ordeal:';

/** The word in its arguments by which a process of Ordeal's is known, whoever started it. */
export function markOf(mechanism: string, id: string): string {
  return `${prefixOf(mechanism)}${id}`;
}

/** Of these processes, the ones that bear exactly this mark. */
export async function markedAmong(pids: readonly number[], mark: string): Promise<number[]> {
  const marks = await Promise.all(pids.map(async (pid) => (await wordsOf(pid)).includes(mark)));
  return pids.filter((_, index) => marks[index]);
}

/** Whether a process bears the mark of any mechanism. */
export async function isHog(pid: number): Promise<boolean> {
  return (await wordsOf(pid)).some((word) => word.startsWith(hogPrefix));
}

/** Every process of a mechanism on these targets, as handles. */
export async function marksOn(targets: readonly Target[], mechanism: string): Promise<string[]> {
  const prefix = prefixOf(mechanism);
  const found = new Map<number, string>();
  for (const target of targets) {
    for (const pid of await processesOn(target)) {
      const mark = (await wordsOf(pid)).find((word) => word.startsWith(prefix));
      if (mark !== undefined) found.set(pid, `process ${pid} (${mark})`);
    }
  }
  return [...found.values()];
}

/**
 * The processes of this host itself: the ones in its network namespace. Two hosts of the embedded target share all of a machine but that.
 */
export async function processesOfHost(): Promise<number[]> {
  const own = await readlink('/proc/self/ns/net');
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const places = await Promise.all(
    pids.map(async (pid) => await readlink(`/proc/${pid}/ns/net`).catch(() => 'gone')),
  );
  return pids.filter((_, index) => places[index] === own);
}

async function processesOn(target: Target): Promise<number[]> {
  if (isWholeMachine(target)) return await processesOfHost();
  if (target.kind !== 'container') return [];
  const groups = await controlGroupsOf(target, (all) => all).catch((error: unknown) => {
    // A container that is gone has taken its processes with it; what cannot be seen may still be there.
    if (OrdealError.from(error).code === 'NO_TARGET') return [];
    throw error;
  });
  const pids = new Set<number>();
  for (const group of groups) {
    for (const pid of (await within(group, async (files) => await files.readIds('cgroup.procs'))) ?? [])
      pids.add(pid);
  }
  return [...pids];
}

function prefixOf(mechanism: string): string {
  return `${hogPrefix}${mechanism}:`;
}

async function wordsOf(pid: number): Promise<string[]> {
  // A process without arguments is one of the kernel, or one that has ended.
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return line.split(/[\0 ]/);
}
