import { readFile, stat } from 'node:fs/promises';
import { cgroupIdOf, matchingCgroups, processesIn } from './cgroups.ts';

export interface Container {
  readonly name: string;
  readonly cgroup: string;
  readonly cgroupId: number;
  readonly pids: ReadonlySet<number>;
  /** The network namespace of its init; absent where that is the host's, or where nothing runs in it. */
  readonly netns?: number;
}

/** Every cgroup that one of the globs names: called by its last part, or by the whole path where two have the same one. */
export async function readContainers(globs: readonly string[]): Promise<Container[]> {
  const paths = await matchingCgroups(globs);
  const found = await Promise.all(paths.map((path) => readContainer(path, nameOf(path, paths))));
  return found.filter((one) => one !== undefined);
}

async function readContainer(cgroup: string, name: string): Promise<Container | undefined> {
  const cgroupId = await cgroupIdOf(cgroup);
  // In neither hierarchy: it went meanwhile, or is not a thing that can be held on to.
  if (cgroupId === undefined) return undefined;
  const pids = await processesIn(cgroup);
  const netns = await networkOf(pids);
  return { name, cgroup, cgroupId, pids, ...(netns === undefined ? {} : { netns }) };
}

async function networkOf(pids: ReadonlySet<number>): Promise<number | undefined> {
  const init = await initOf(pids);
  if (init === undefined) return undefined;
  const netns = await inodeOf(`/proc/${init}/ns/net`);
  return netns === (await inodeOf('/proc/self/ns/net')) ? undefined : netns;
}

/** Number 1 of its own pid namespace, or the first process where there is none. */
async function initOf(pids: ReadonlySet<number>): Promise<number | undefined> {
  const sorted = [...pids].sort((one, other) => one - other);
  for (const pid of sorted) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    if (/^NSpid:.*\t1$/m.test(status)) return pid;
  }
  return sorted[0];
}

async function inodeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(() => undefined))?.ino;
}

function nameOf(path: string, paths: readonly string[]): string {
  const last = lastPart(path);
  return paths.some((other) => other !== path && lastPart(other) === last) ? path : last;
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
