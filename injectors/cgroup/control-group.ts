import { open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { ContainerTarget, Target, VmFromOutside } from '../target.ts';
import { directoryIn, mountedHierarchies, type Hierarchy } from '../../procfs/cgroup-hierarchies.ts';
import { systemCode } from '../../errors/system-code.ts';

export const controlGroupSchema = z.object({
  directory: z.string(),
  inode: z.number(),
  /** The inode of the mount point: another one there is another view, in which the cgroup may be out of sight. */
  rootInode: z.number().exactOptional(),
});

/** A cgroup in one hierarchy, by what tells it from a later one of the same name. Plain data: it is kept in the journal. */
export type ControlGroup = Readonly<z.infer<typeof controlGroupSchema>>;

export interface ControlFiles {
  has(file: string): Promise<boolean>;
  read(file: string): Promise<string>;
  /** The file's lines of "key number", as cpu.stat has them. */
  readNumbers(file: string): Promise<ReadonlyMap<string, number>>;
  write(file: string, text: string): Promise<void>;
  /** The files of this name here and in every cgroup below, as one list of numbers. */
  readIds(file: 'cgroup.procs' | 'cgroup.threads' | 'tasks'): Promise<number[]>;
}

export function containerOf(target: Target): ContainerTarget {
  if (target.kind === 'container') return target;
  if (target.kind === 'vm' && target.metFrom === 'outside') return cgroupOfVm(target);
  throw new OrdealError('NO_TARGET', `a ${target.kind} has no cgroup; only a container has one`);
}

/** What a machine does is done by the process that runs it, and so in the cgroup of that. */
function cgroupOfVm({ host, bootId, name, pid, cgroup, cgroupId }: VmFromOutside): ContainerTarget {
  if (cgroup !== undefined && cgroupId !== undefined)
    return { kind: 'container', host, bootId, name, cgroup, cgroupId };
  throw new OrdealError(
    'NO_TARGET',
    `the QEMU of ${name}, process ${pid}, has no cgroup of its own: others would be hit with it`,
    { remedy: 'Start it in one, as libvirt does, or by systemd-run --scope.' },
  );
}

/**
 * The container's cgroup in the hierarchies that are wanted, in the order of the answer of `wanted`. Refuses where the
 * container's cgroup is gone or was made anew: then it is another container than the one that was chosen.
 */
export async function controlGroupsOf(
  target: ContainerTarget,
  wanted: (hierarchies: readonly Hierarchy[]) => readonly (Hierarchy | undefined)[],
): Promise<ControlGroup[]> {
  const hierarchies = await mountedHierarchies();
  const identifying = hierarchies.find(isUnified) ?? hierarchies.find(holds('freezer'));
  const identity = identifying && (await locate(identifying, target.cgroup));
  if (identity?.inode !== target.cgroupId) {
    const found = identity === undefined ? 'is gone' : 'was made anew since the target was chosen';
    throw new OrdealError(
      'NO_TARGET',
      `the cgroup ${target.cgroup} of the container ${target.name} ${found}`,
    );
  }
  const groups: ControlGroup[] = [];
  for (const hierarchy of wanted(hierarchies)) {
    const group = hierarchy && (await locate(hierarchy, target.cgroup));
    if (group !== undefined) groups.push(group);
  }
  return groups;
}

export function isUnified(hierarchy: Hierarchy): boolean {
  return hierarchy.version === 2;
}

export function holds(controller: string): (hierarchy: Hierarchy) => boolean {
  return (hierarchy) => hierarchy.controllers.includes(controller);
}

/**
 * Lets `act` work on the files of exactly this cgroup, through its opened directory: one that was removed and made anew under the
 * same name meanwhile is not touched. Answers undefined where the cgroup is gone, and only there: one that is out of sight, or a
 * file that it does not have, is an error.
 */
export async function within<Result>(
  group: ControlGroup,
  act: (files: ControlFiles) => Promise<Result>,
): Promise<Result | undefined> {
  const directory = await unlessGone(open(group.directory, 'r'));
  if (directory === undefined) {
    await refuseUnlessSeen(group);
    return undefined;
  }
  try {
    if ((await directory.stat()).ino === group.inode)
      return await act(filesIn(`/proc/self/fd/${directory.fd}`));
  } catch (error) {
    // A file that a cgroup does not have is missing, and no sign that the cgroup is.
    const removed = systemCode(error) === 'ENODEV' || (await inodeOf(group.directory)) !== group.inode;
    if (!isGone(error) || !removed) throw error;
  } finally {
    await directory.close();
  }
  await refuseUnlessSeen(group);
  return undefined;
}

/** A path that is not there says that the cgroup is gone only where its hierarchy can be seen as it was when the path was found. */
async function refuseUnlessSeen(group: ControlGroup): Promise<void> {
  const { directory, rootInode } = group;
  const hierarchies = await mountedHierarchies();
  const hierarchy = hierarchies.find(({ mountPoint }) => directory.startsWith(`${mountPoint}/`));
  const seen = hierarchy && (await inodeOf(hierarchy.mountPoint));
  if (seen !== undefined && (rootInode === undefined || seen === rootInode)) return;
  const found = seen === undefined ? 'no hierarchy is mounted there' : 'another part of the hierarchy is';
  throw new OrdealError('UNSUPPORTED', `whether the cgroup ${directory} is gone cannot be seen: ${found}`, {
    remedy: "Start the agent where the host's own cgroup hierarchies are mounted, at the same place.",
  });
}

async function locate(hierarchy: Hierarchy, cgroup: string): Promise<ControlGroup | undefined> {
  const directory = directoryIn(hierarchy, cgroup);
  const inode = directory === undefined ? undefined : await inodeOf(directory);
  if (directory === undefined || inode === undefined) return undefined;
  const rootInode = await inodeOf(hierarchy.mountPoint);
  return { directory, inode, ...(rootInode === undefined ? {} : { rootInode }) };
}

async function inodeOf(directory: string): Promise<number | undefined> {
  return (await unlessGone(stat(directory)))?.ino;
}

function filesIn(directory: string): ControlFiles {
  const read = async (file: string): Promise<string> =>
    (await readFile(join(directory, file), 'utf8')).trim();
  return {
    has: async (file) => (await unlessGone(stat(join(directory, file)))) !== undefined,
    read,
    readNumbers: async (file) => {
      const lines = (await read(file)).split('\n').map((line) => line.split(' '));
      return new Map(lines.map(([key = '', value]) => [key, Number(value)]));
    },
    write: async (file, text) => {
      // Not to be created: in a cgroup that is gone, the name would be refused in a way that says less.
      await writeFile(join(directory, file), text, { flag: 'r+' });
    },
    readIds: async (file) => await idsBelow(directory, file),
  };
}

async function idsBelow(directory: string, file: string): Promise<number[]> {
  const text = await readFile(join(directory, file), 'utf8');
  const ids = text.split('\n').filter((line) => line !== '');
  const numbers = ids.map(Number);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    // A cgroup below that goes meanwhile takes its tasks with it.
    numbers.push(...((await unlessGone(idsBelow(join(directory, entry.name), file))) ?? []));
  }
  return numbers;
}

async function unlessGone<Result>(access: Promise<Result>): Promise<Result | undefined> {
  try {
    return await access;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  // ENODEV: the cgroup was removed after its file was opened.
  return ['ENOENT', 'ENODEV'].includes(systemCode(error));
}
