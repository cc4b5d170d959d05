import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive, identify } from '../../procfs/identity.ts';
import { readStat } from '../../procfs/stat.ts';
import { until } from '../until.ts';
import type { Kill, Victim } from './kills.ts';

/** A kill that was done, with the time of day. */
export interface DoneKill extends Kill {
  readonly atMs: number;
}

/** How a victim is told from the others that `ordeal up` has started, by words of its command line. */
const words: Readonly<Record<Victim, readonly string[]>> = {
  controller: ['dist/cli/main.js', 'controller'],
  metrics: ['dist/cli/main.js', 'metrics'],
  nats: ['nats-server', '--config'],
  'agent-tester': ['dist/cli/main.js', 'agent', '--host', 'tester'],
  'agent-host-1': ['dist/cli/main.js', 'agent', '--host', 'host-1'],
  'agent-host-2': ['dist/cli/main.js', 'agent', '--host', 'host-2'],
};

/** Kills (-9) one after the other at their instants, until there are no more or somebody says that it is enough; answers those that it did. */
export async function killAlong(
  above: number,
  kills: Iterator<Kill, unknown>,
  atMost: number,
  enough: AbortSignal,
): Promise<DoneKill[]> {
  const done: DoneKill[] = [];
  while (done.length < atMost) {
    const next = kills.next();
    if (next.done === true) break;
    const { victim, afterMs } = next.value;
    await sleep(afterMs, undefined, { signal: enough }).catch(() => undefined);
    if (enough.aborted) break;
    await killNow(above, victim);
    done.push({ ...next.value, atMs: Date.now() });
  }
  return done;
}

/** One that is just being started again is waited for: a kill is of a process that is there. */
async function killNow(above: number, victim: Victim): Promise<void> {
  await until(`there is a ${victim} to kill`, async () => {
    const pid = await pidOf(above, victim);
    const process_ = pid === undefined ? undefined : await identify(pid);
    if (pid === undefined || process_ === undefined) return false;
    process.kill(pid, 'SIGKILL');
    await until(`the ${victim} that was killed is gone`, async () => !(await isAlive(process_)));
    return true;
  });
}

/** Below the process of `ordeal up`: a child, or of an agent the child of its guardian. */
async function pidOf(above: number, victim: Victim): Promise<number | undefined> {
  const children = await childrenOf(above);
  const candidates = [...children, ...(await Promise.all(children.map(childrenOf))).flat()];
  for (const pid of candidates) {
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    const [program = '', ...line] = text.split('\0');
    // A guardian has the command line of its agent within its own.
    if (program.endsWith('ordeal-guardian')) continue;
    const all = [program, ...line];
    if (words[victim].every((word) => all.some((part) => part === word || part.endsWith(`/${word}`))))
      return pid;
  }
  return undefined;
}

async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = await Promise.all(pids.map(async (pid) => (await readStat(pid))?.parent));
  return pids.filter((_, index) => parents[index] === parent);
}
