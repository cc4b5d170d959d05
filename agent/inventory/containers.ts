import { stat } from 'node:fs/promises';
import { mainProcessAmong } from '../../procfs/main-process.ts';
import { cgroupIdOf, matchingCgroups, processesIn } from './cgroups.ts';

export interface Container {
  readonly name: string;
  readonly cgroup: string;
  readonly cgroupId: number;
  readonly pids: ReadonlySet<number>;
  /** The network namespace of its main process; absent where that is the host's, or where nothing runs in it. */
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
  const main = await mainProcessAmong(pids);
  if (main === undefined) return undefined;
  const netns = await inodeOf(`/proc/${main.pid}/ns/net`);
  return netns === (await inodeOf('/proc/self/ns/net')) ? undefined : netns;
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
