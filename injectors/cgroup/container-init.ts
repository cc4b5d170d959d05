import type { ProcessOfThisBoot } from '../../procfs/identity.ts';
import { mainProcessAmong } from '../../procfs/main-process.ts';
import type { ContainerTarget } from '../target.ts';
import { controlGroupsOf, holds, isUnified, within, type ControlGroup } from './control-group.ts';

/** The process whose death ends the container, and a cgroup of the container that it is in; undefined where nothing runs in it. */
export async function initOf(
  target: ContainerTarget,
): Promise<{ readonly init: ProcessOfThisBoot; readonly group: ControlGroup } | undefined> {
  // The processes of a container are not in every hierarchy of a hybrid host.
  const groups = await controlGroupsOf(target, (all) => [
    ...all.filter(isUnified),
    ...all.filter(holds('freezer')),
    ...all.filter((hierarchy) => hierarchy.version === 1),
  ]);
  for (const group of groups) {
    const pids = await within(group, async (files) => await files.readIds('cgroup.procs'));
    const init = await mainProcessAmong(pids ?? []);
    if (init !== undefined) return { init, group };
  }
  return undefined;
}
