import { setTimeout as sleep } from 'node:timers/promises';
import { restMs } from '../clock/pace.ts';
import type { ContainerTarget } from '../injectors/target.ts';
import { isAlive } from '../procfs/identity.ts';
import { cgroupIdOf } from './inventory/cgroups.ts';

/** A container that goes is noticed this much later at the most, on a host that has the time to look. */
const lookEveryMs = 100;

/** Whether one is the container that the other was: not one of the same name that has taken its place. */
export function isSameInstance(one: ContainerTarget, other: ContainerTarget): boolean {
  return (
    one.cgroupId === other.cgroupId &&
    one.init?.pid === other.init?.pid &&
    one.init?.startTicks === other.init?.startTicks
  );
}

/** What shows that the container is no more; undefined while it is there. */
export async function goneBecause({ cgroup, cgroupId, init }: ContainerTarget): Promise<string | undefined> {
  if (init !== undefined && !(await isAlive(init))) return `its init, process ${init.pid}, has ended`;
  const found = await cgroupIdOf(cgroup);
  if (found === cgroupId) return undefined;
  return found === undefined ? `its cgroup ${cgroup} is gone` : `its cgroup ${cgroup} was made anew`;
}

/** Resolves when the container is no more, with what shows it; or undefined, when the signal aborts. */
export async function untilGone(target: ContainerTarget, signal: AbortSignal): Promise<string | undefined> {
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    const began = performance.now();
    // What cannot be looked at just now says nothing.
    const why = await goneBecause(target).catch(() => undefined);
    if (why !== undefined) return why;
    await sleep(restMs(performance.now() - began, lookEveryMs), undefined, { signal, ref: false }).catch(
      () => undefined,
    );
  }
  return undefined;
}
