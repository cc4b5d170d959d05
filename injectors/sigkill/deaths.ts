import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicUs } from '../../clock/monotonic.ts';
import { systemCode } from '../../errors/system-code.ts';
import { isAlive, type ProcessOfThisBoot } from '../../procfs/identity.ts';

/** How long a process may take to die: an init first waits for all processes of its namespace. */
const deathWithinUs = 5_000_000;

/** Between two looks: a death is stamped late by so much at the most, and never early. */
const lookEveryMs = 1;

/** What came of the processes that were chosen. */
export interface Deaths {
  readonly count: number;
  readonly firstUs: number;
  readonly lastUs: number;
  /** Of those that were chosen, the ones that had ended before they could be killed. */
  readonly endedBefore: number;
}

/** Kills those that are still what was chosen, and waits until they are dead; undefined where none of them is there any more. */
export async function killAll(chosen: readonly ProcessOfThisBoot[]): Promise<Deaths | undefined> {
  // Whoever goes with its init or its parent, which was killed a moment before, died of the same act.
  const killed = await aliveAmong(chosen);
  if (!killed.map(wasKilled).includes(true)) return undefined;
  const stamps: number[] = [];
  const giveUpAtUs = monotonicUs() + deathWithinUs;
  for (let waiting = killed; waiting.length > 0;) {
    const living = await aliveAmong(waiting);
    const nowUs = monotonicUs();
    if (living.length < waiting.length) stamps.push(nowUs);
    if (living.length > 0 && nowUs > giveUpAtUs) throw new Error(`${nameAll(living)} did not die of SIGKILL`);
    waiting = living;
    if (waiting.length > 0) await sleep(lookEveryMs);
  }
  const [firstUs = 0, lastUs = firstUs] = [stamps[0], stamps.at(-1)];
  return { count: killed.length, firstUs, lastUs, endedBefore: chosen.length - killed.length };
}

export async function aliveAmong(chosen: readonly ProcessOfThisBoot[]): Promise<ProcessOfThisBoot[]> {
  const alive = await Promise.all(chosen.map(isAlive));
  return chosen.filter((_, index) => alive[index]);
}

export function nameAll(processes: readonly ProcessOfThisBoot[]): string {
  const pids = processes.map(({ pid }) => pid).join(', ');
  return processes.length === 1 ? `process ${pids}` : `the processes ${pids}`;
}

function wasKilled({ pid }: ProcessOfThisBoot): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch (error) {
    if (systemCode(error) === 'ESRCH') return false;
    throw error;
  }
}
