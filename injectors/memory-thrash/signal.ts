import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { OrdealError } from '../../errors/ordeal-error.ts';
import {
  controlGroupSchema,
  controlGroupsOf,
  isUnified,
  within,
  type ControlFiles,
} from '../cgroup/control-group.ts';
import type { MemoryCut } from '../cgroup/memory-cut.ts';
import type { ContainerTarget } from '../target.ts';

const countShape = {
  file: z.string(),
  /** What captures the count in a line of the file, for Perl and for JavaScript alike; several are added up. */
  pattern: z.string(),
};

/** What the thrashers steer by, and so what their dose is measured in: a count that only grows, in a file of a cgroup, or of all the host. */
export const signalSchema = z.union([
  controlGroupSchema.extend({ ...countShape, kind: z.enum(['pressure', 'refaults']) }),
  z.object({ ...countShape, kind: z.literal('pressure') }),
]);

export type Signal = Readonly<z.infer<typeof signalSchema>>;

/** How much the count grows in a second in which the signal is 1. */
export const unitsASecond = { pressure: 1_000_000, refaults: 1 } as const;

export const doseUnit = {
  pressure: 'share of time in which a task waited for memory',
  refaults: 'pages read again in a second',
} as const;

const waitedPattern = String.raw`^some .*total=(\d+)`;
const hostPressure: Signal = { kind: 'pressure', file: '/proc/pressure/memory', pattern: waitedPattern };

/**
 * Pressure where the kernel tells it: in the v2 hierarchy, whichever one limits the memory, if the container's tasks are in it. Else the
 * refaults of the cgroup that is limited.
 */
export async function signalOf(container: ContainerTarget, cut: MemoryCut): Promise<Signal> {
  const [group] = await controlGroupsOf(container, (all) => all.filter(isUnified));
  const isTold = group && (await within(group, tellsPressure));
  if (group !== undefined && isTold === true) {
    return { kind: 'pressure', ...group, file: 'memory.pressure', pattern: waitedPattern };
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

/** Of a host as a whole nothing else tells how long its tasks wait: without it, nobody would know when it is enough. */
export async function signalOfHost(): Promise<Signal> {
  // With psi=0 the file is there and cannot be read.
  await readFile(hostPressure.file).catch((cause: unknown) => {
    throw new OrdealError(
      'UNSUPPORTED',
      `this kernel does not tell the pressure on memory (${hostPressure.file})`,
      { cause, remedy: 'Use a kernel with CONFIG_PSI, and start it with psi=1; or choose a container.' },
    );
  });
  return hostPressure;
}

export const refaultPattern = {
  1: String.raw`^total_workingset_refault_(?:anon|file) (\d+)`,
  2: String.raw`^workingset_refault_(?:anon|file) (\d+)`,
  /** Of all the host, in /proc/vmstat; kernels before 5.9 do not tell files from other memory. */
  host: String.raw`^workingset_refault(?:_anon|_file)? (\d+)`,
} as const;

/** Undefined where the cgroup that has it is gone. */
export async function countOf(signal: Signal): Promise<number | undefined> {
  const text =
    'directory' in signal
      ? await within(signal, async (files) => await files.read(signal.file))
      : await readFile(signal.file, 'utf8');
  return text === undefined ? undefined : countIn(text, signal.pattern);
}

export function pathOf(signal: Signal): string {
  return 'directory' in signal ? join(signal.directory, signal.file) : signal.file;
}

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
