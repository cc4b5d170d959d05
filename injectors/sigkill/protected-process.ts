import { readFile, readlink, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { isGuardian } from '../../procfs/guardians.ts';
import { isHog } from '../hog/mark.ts';
import { readStat } from '../../procfs/stat.ts';
import type { NamedProcess } from './named-process.ts';

/** The parent of every other thread of the kernel. */
const kthreadd = 2;

type Site = 'host' | 'container';

/** By which people reach a host to look after it. */
const logins = ['sshd', 'sshd-session', 'sshd-auth'];

/** Refuses them all where one of them must live: to leave that one out would be another fault than the one that was asked for. */
export async function refuseProtected(chosen: readonly NamedProcess[], site: Site): Promise<void> {
  const above = await ancestorsOf(process.pid);
  for (const one of chosen) {
    const because = await protectedBecause(one, site, above);
    if (because === undefined) continue;
    throw new OrdealError('PROTECTED_TARGET', `process ${one.pid} (${one.comm}) is protected: ${because}`);
  }
}

async function protectedBecause(
  one: NamedProcess,
  site: Site,
  above: readonly number[],
): Promise<string | undefined> {
  const { pid, parent, comm, program } = one;
  if (pid === 1) return "it is the host's init";
  if (program === undefined && [pid, parent].includes(kthreadd)) return 'it is a thread of the kernel';
  if (pid === process.pid) return 'it is the agent of this host';
  if (await isGuardian(pid)) return 'it guards an agent of Ordeal';
  if (above.includes(pid)) return 'the agent was started from it';
  if (await isHog(pid)) return 'it is the fault of another injection';
  if (await runsOrdeal(pid)) return 'it runs Ordeal';
  // What runs in a container is the target's own, also where Ordeal has started that; a container that holds Ordeal itself is protected as a whole.
  if (site !== 'host') return undefined;
  if (logins.includes(program ?? comm)) return 'people reach this host through it';
  for (const ancestor of await ancestorsOf(pid)) {
    if (ancestor === process.pid || (await runsOrdeal(ancestor))) return 'Ordeal has started it';
  }
  return undefined;
}

/** From the parent up, without init. */
async function ancestorsOf(pid: number): Promise<number[]> {
  const found: number[] = [];
  let parent = (await readStat(pid))?.parent ?? 0;
  while (parent > 1 && !found.includes(parent)) {
    found.push(parent);
    parent = (await readStat(parent))?.parent ?? 0;
  }
  return found;
}

/** Whether the program of this very process is among its arguments, by whatever path. */
async function runsOrdeal(pid: number): Promise<boolean> {
  const own =
    process.argv[1] === undefined ? undefined : await realpath(process.argv[1]).catch(() => undefined);
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const directory = await readlink(`/proc/${pid}/cwd`).catch(() => '/');
  const words = line.split('\0').filter((word) => word !== '');
  const files = await Promise.all(
    words.map(async (word) => await realpath(resolve(directory, word)).catch(() => undefined)),
  );
  return own !== undefined && files.includes(own);
}
