import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicUs } from '../../clock/monotonic.ts';
import { readStat } from '../../procfs/stat.ts';

/** A process dies within moments of its SIGKILL, but for one that a dead disk or a frozen cgroup holds. */
const gone = { withinUs: 5_000_000, lookEveryMs: 1 } as const;
/** A parent that has not taken note of a death by then never does. */
const notedWithinUs = 1_000_000;

/**
 * Ends processes, children before their parents: the parent is ours too and takes note of their death, where the container's
 * init might not, and would keep the dead for ever. `find` answers those that there are.
 */
export async function endAll(find: () => Promise<readonly number[]>): Promise<void> {
  const beganAtUs = monotonicUs();
  const giveUpAtUs = beganAtUs + gone.withinUs;
  const ended = new Set<number>();
  for (let left = await find(); left.length > 0; left = await find()) {
    if (monotonicUs() > giveUpAtUs)
      throw new Error(`the processes ${left.join(', ')} did not die of SIGKILL`);
    const remains = monotonicUs() < beganAtUs + notedWithinUs ? ended : [];
    const withoutChildren = new Set(await youngestOf([...left, ...remains]));
    for (const pid of left.filter((pid) => withoutChildren.has(pid))) {
      send(pid, 'SIGKILL');
      ended.add(pid);
    }
    await sleep(gone.lookEveryMs);
  }
}

/** Those of these processes that have none of the others as their child. */
export async function youngestOf(pids: readonly number[]): Promise<number[]> {
  const parents = new Set(await Promise.all(pids.map(parentOf)));
  return pids.filter((pid) => !parents.has(pid));
}

export function send(pid: number, signal: 'SIGKILL' | 'SIGSTOP'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself: that is where this leads.
  }
}

async function parentOf(pid: number): Promise<number | undefined> {
  return (await readStat(pid))?.parent;
}
