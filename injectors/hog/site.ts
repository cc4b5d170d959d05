import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { run } from '../../command/run.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { initOf } from '../cgroup/container-init.ts';
import { containerOf, controlGroupSchema, within } from '../cgroup/control-group.ts';
import type { Memory, Support } from '../injector.ts';
import { isAlive } from '../../procfs/identity.ts';
import { withoutRoot } from '../privilege.ts';
import { isWholeMachine, type Target } from '../target.ts';
import { markedAmong, processesOfHost } from './mark.ts';
import { placeOf, placeOnHost, type Place } from './place.ts';

/** Where a hog is to work, as the journal keeps it: on the host, or beside the init of a container. */
export const siteSchema = z.union([
  controlGroupSchema.extend({ site: z.literal('container'), pid: z.number(), startTicks: z.number() }),
  z.object({ site: z.literal('host') }),
]);

type Site = Readonly<z.infer<typeof siteSchema>>;

export async function captureSite(target: Target): Promise<Memory> {
  if (isWholeMachine(target)) return { site: 'host' };
  const container = containerOf(target);
  const found = await initOf(container);
  if (found !== undefined) return { site: 'container', ...found.group, ...found.init };
  throw new OrdealError('NO_TARGET', `no process runs in the container ${container.name}`, {
    remedy: 'See that the container runs and stays up without a fault, then try again.',
  });
}

export async function placeIn(site: Site): Promise<Place> {
  if (site.site === 'host') return await placeOnHost();
  if (await isAlive(site)) return await placeOf(site.pid);
  throw new OrdealError('NO_TARGET', `its init, process ${site.pid}, has ended since the fault was prepared`);
}

/** The processes of this mark that are at the site; none where the container is gone, which takes its processes with it. */
export async function processesIn(site: Site, mark: string): Promise<number[]> {
  if (site.site === 'host') return await markedAmong(await processesOfHost(), mark);
  const pids = await within(site, async (files) => await files.readIds('cgroup.procs'));
  return await markedAmong(pids ?? [], mark);
}

/** Why no hog can be started on this host; undefined where one can. */
export async function withoutHogs(): Promise<Support | undefined> {
  const unprivileged = withoutRoot();
  if (unprivileged !== undefined) return unprivileged;
  try {
    await run('perl', ['-MPOSIX', '-e', '1']);
    await run('nsenter', ['--version']);
    await readFile('/proc/self/schedstat');
    return undefined;
  } catch (error) {
    return {
      supported: false,
      reason: OrdealError.from(error).message,
      remedy: 'Install perl-base and util-linux, and use a kernel with CONFIG_SCHED_INFO.',
    };
  }
}
