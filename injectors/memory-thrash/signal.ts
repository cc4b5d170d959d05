import { z } from 'zod';
import {
  controlGroupSchema,
  controlGroupsOf,
  isUnified,
  within,
  type ControlFiles,
} from '../cgroup/control-group.ts';
import type { MemoryCut } from '../cgroup/memory-cut.ts';
import type { ContainerTarget } from '../target.ts';

/** What the thrashers steer by, and so what their dose is measured in: a count that only grows, in a file of a cgroup. */
export const signalSchema = controlGroupSchema.extend({
  kind: z.enum(['pressure', 'refaults']),
  file: z.string(),
  /** What captures the count in a line of the file, for Perl and for JavaScript alike; several are added up. */
  pattern: z.string(),
});

export type Signal = Readonly<z.infer<typeof signalSchema>>;

/** How much the count grows in a second in which the signal is 1. */
export const unitsASecond = { pressure: 1_000_000, refaults: 1 } as const;

export const doseUnit = {
  pressure: 'share of time in which a task waited for memory',
  refaults: 'pages read again in a second',
} as const;

/**
 * Pressure where the kernel tells it: in the v2 hierarchy, whichever one limits the memory, if the container's tasks are in it. Else the
 * refaults of the cgroup that is limited.
 */
export async function signalOf(container: ContainerTarget, cut: MemoryCut): Promise<Signal> {
  const [group] = await controlGroupsOf(container, (all) => all.filter(isUnified));
  const isTold = group && (await within(group, tellsPressure));
  if (group !== undefined && isTold === true) {
    return { kind: 'pressure', ...group, file: 'memory.pressure', pattern: String.raw`^some .*total=(\d+)` };
  }
  const { directory, inode, rootInode } = cut;
  const root = rootInode === undefined ? {} : { rootInode };
  return {
    kind: 'refaults',
    directory,
    inode,
    ...root,
    file: 'memory.stat',
    pattern: refaultPattern[cut.version],
  };
}

export const refaultPattern = {
  1: String.raw`^total_workingset_refault_(?:anon|file) (\d+)`,
  2: String.raw`^workingset_refault_(?:anon|file) (\d+)`,
} as const;

export function countIn(text: string, pattern: string): number {
  return [...text.matchAll(new RegExp(pattern, 'gm'))].reduce((sum, [, count]) => sum + Number(count), 0);
}

async function tellsPressure(files: ControlFiles): Promise<boolean> {
  if ((await files.readIds('cgroup.procs')).length === 0 || !(await files.has('memory.pressure')))
    return false;
  // With psi=0 the file is there and cannot be read.
  return await files.read('memory.pressure').then(
    () => true,
    () => false,
  );
}
