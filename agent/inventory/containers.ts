import { stat } from 'node:fs/promises';
import type { ProcessOfThisBoot } from '../../procfs/identity.ts';
import { mainProcessAmong } from '../../procfs/main-process.ts';
import { cgroupIdOf, matchingCgroups, processesIn } from './cgroups.ts';
import type { RuntimeContainer } from './runtimes/recognised.ts';
import { runtimeContainers } from './runtimes/runtimes.ts';

export interface Container {
  readonly name: string;
  readonly cgroup: string;
  readonly cgroupId: number;
  readonly pids: ReadonlySet<number>;
  /** The network namespace of its main process; absent where that is the host's, or where nothing runs in it. */
  readonly netns?: number;
  /** What its runtime tells of it; absent where it is a container only because somebody says so of its cgroup. */
  readonly runtime?: RuntimeContainer;
  /** The process whose end is the end of a runtime's container. */
  readonly init?: ProcessOfThisBoot;
}

/** Where systemd puts machines, and where there may be pods, whose containers are known one by one as well. */
const usualContainers = [
  'docker/*',
  'system.slice/docker-*.scope',
  'libpod_parent/libpod-*',
  'machine.slice/libpod-*.scope',
  'machine.slice/machine-*.scope',
  'machine.slice/systemd-nspawn@*.service',
  'kubepods/*/*',
  'kubepods/*/*/*',
  'kubepods.slice/*/*.scope',
  'kubepods.slice/*/*/*.scope',
];

/**
 * The containers of all runtimes, called as these call them, and what systemd and Kubernetes have beside them. Where globs say which cgroups
 * are containers, these and no others. One that no runtime knows is called by the last part of its cgroup, or by the whole path where two have the same one.
 */
export async function readContainers(globs?: readonly string[]): Promise<Container[]> {
  const paths = await matchingCgroups(globs ?? usualContainers);
  const known = (await runtimeContainers()).filter(
    ({ cgroup }) => globs === undefined || paths.includes(cgroup),
  );
  const others = paths.filter((path) => !known.some(({ cgroup }) => cgroup === path));
  const found = await Promise.all([
    ...known.map(async (runtime) => await readContainer(runtime.cgroup, runtime.name, runtime)),
    ...others.map(async (path) => await readContainer(path, nameOf(path, others))),
  ]);
  return found.filter((one) => one !== undefined);
}

async function readContainer(
  cgroup: string,
  name: string,
  runtime?: RuntimeContainer,
): Promise<Container | undefined> {
  const cgroupId = await cgroupIdOf(cgroup);
  // In neither hierarchy: it went meanwhile, or is not a thing that can be held on to.
  if (cgroupId === undefined) return undefined;
  const pids = await processesIn(cgroup);
  const main = await mainProcessAmong(pids);
  const netns = main && (await networkOf(main));
  const held = { name, cgroup, cgroupId, pids, ...(netns === undefined ? {} : { netns }) };
  if (runtime === undefined) return held;
  return { ...held, runtime, ...(main === undefined ? {} : { init: main }) };
}

async function networkOf({ pid }: ProcessOfThisBoot): Promise<number | undefined> {
  const netns = await inodeOf(`/proc/${pid}/ns/net`);
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
