import type { ProcessOfThisBoot } from '../../procfs/identity.ts';
import { mainProcessAmong } from '../../procfs/main-process.ts';
import type { ContainerTarget } from '../target.ts';
import { controlGroupsOf, holds, isUnified, within, type ControlGroup } from './control-group.ts';

interface Members {
  readonly group: ControlGroup;
  readonly pids: readonly number[];
}

/** The process whose death ends the container, and a cgroup of the container that it is in; undefined where nothing runs in it. */
export async function initOf(
  target: ContainerTarget,
): Promise<{ readonly init: ProcessOfThisBoot; readonly group: ControlGroup } | undefined> {
  for await (const { group, pids } of membersOf(target)) {
    const init = await mainProcessAmong(pids);
    if (init !== undefined) return { init, group };
  }
  return undefined;
}

/** Every process of the container, by the first of its cgroups that has any. */
export async function processesOf(target: ContainerTarget): Promise<readonly number[]> {
  for await (const { pids } of membersOf(target)) if (pids.length > 0) return pids;
  return [];
}

async function* membersOf(target: ContainerTarget): AsyncGenerator<Members> {
  // The processes of a container are not in every hierarchy of a hybrid host.
  const groups = await controlGroupsOf(target, (all) => [
    ...all.filter(isUnified),
    ...all.filter(holds('freezer')),
    ...all.filter((hierarchy) => hierarchy.version === 1),
  ]);
  for (const group of groups) {
    const pids = await within(group, async (files) => await files.readIds('cgroup.procs'));
    // 0 is a process outside of this pid namespace.
    yield { group, pids: (pids ?? []).filter((pid) => pid > 0) };
  }
}
