import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Support } from '../injector.ts';
import { withoutRoot } from '../privilege.ts';
import { holds, isUnified } from './control-group.ts';
import { mountedHierarchies } from '../../procfs/cgroup-hierarchies.ts';

/** Whether this host can limit the memory of a cgroup. */
export async function memorySupport(): Promise<Support> {
  for (const hierarchy of await mountedHierarchies()) {
    if (holds('memory')(hierarchy)) return withoutRoot() ?? { supported: true };
    if (!isUnified(hierarchy)) continue;
    const controllers = await readFile(join(hierarchy.mountPoint, 'cgroup.controllers'), 'utf8');
    if (controllers.trim().split(' ').includes('memory')) return withoutRoot() ?? { supported: true };
  }
  return {
    supported: false,
    reason: 'no cgroup hierarchy of this host has the memory controller',
    remedy: 'Use a kernel with CONFIG_MEMCG, and start it without cgroup_disable=memory.',
  };
}
