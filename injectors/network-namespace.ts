import { readdir, readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../command/run.ts';
import { OrdealError } from '../errors/ordeal-error.ts';
import type { Target } from './target.ts';

/** Where namespaces are kept by name: iproute2's place under both of its names, and Docker's. */
const directories = ['/run/netns', '/var/run/netns', '/run/docker/netns'];

/** Each time the process whose namespace was to be entered ended just then; what goes on for longer has another reason, and is an error. */
const entriesTried = 10;

/** The network namespaces of these targets, by their inodes, and that of the host itself: the one of this process. */
export async function namespacesOf(targets: readonly Target[]): Promise<ReadonlySet<number>> {
  const own = await ownNamespace();
  const named = targets.flatMap((target) => ('netns' in target ? [target.netns] : []));
  return new Set([own, ...named]);
}

/** That of this process, by its inode. */
export async function ownNamespace(): Promise<number> {
  return (await stat('/proc/self/ns/net')).ino;
}

/**
 * Runs a program in the namespace of this inode, whoever holds it open by now: the container that had it may have been started
 * anew. Answers undefined where there is no such namespace any more.
 */
export async function runInNamespace(
  inode: number,
  argv: readonly string[],
  input?: string,
): Promise<string | undefined> {
  for (let entry = 1; ; entry += 1) {
    const path = await pathOfNamespace(inode);
    if (path === undefined) return undefined;
    try {
      return await run('nsenter', [`--net=${path}`, '--', ...argv], input === undefined ? {} : { input });
    } catch (error) {
      // The process whose namespace it was has ended in between: another may still hold it.
      const lost = error instanceof OrdealError && error.message.includes('nsenter: cannot open');
      if (!lost || entry === entriesTried) throw error;
    }
  }
}

/** By which it can be entered. Undefined only where the namespace is gone: one that merely cannot be seen from here is an error. */
export async function pathOfNamespace(wanted: number): Promise<string | undefined> {
  // A namespace can pass, between two steps of one scan, from a process not yet looked at to one that was.
  for (let scan = 0; scan < 2; scan += 1) {
    for await (const { inode, path } of candidates()) if (inode === wanted) return path;
  }
  await refuseUnlessAllProcessesAreSeen(wanted);
  return undefined;
}

/** The inode of the first pid namespace of every Linux (PROC_PID_INIT_INO): who is in it can see all processes there are. */
const firstPidNamespace = 'pid:[4026531836]';

async function refuseUnlessAllProcessesAreSeen(netns: number): Promise<void> {
  const own = await readlink('/proc/self/ns/pid').catch(() => 'of another mount');
  const isOwnProc = (await readlink('/proc/self').catch(() => '')) === String(process.pid);
  if (own === firstPidNamespace && isOwnProc) return;
  const unseen = `the processes of the host are not seen in /proc (it is ${own})`;
  throw new OrdealError(
    'UNSUPPORTED',
    `whether the network namespace ${netns} is gone is unknown: ${unseen}`,
    {
      remedy: "Start the agent in the host's own pid namespace (--pid=host).",
    },
  );
}

async function* candidates(): AsyncGenerator<{ inode: number; path: string }> {
  const own = { path: `/proc/${process.pid}/ns/net` };
  const { dev, ino } = await stat(own.path);
  yield { inode: ino, ...own };
  for (const directory of directories) {
    for (const name of await readdir(directory).catch(() => [])) {
      const path = join(directory, name);
      const found = await stat(path).catch(() => undefined);
      // A name whose namespace was unmounted is an ordinary file, with an inode of another kind.
      if (found?.dev === dev) yield { inode: found.ino, path };
    }
  }
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const path = `/proc/${pid}/ns/net`;
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined) yield { inode: found.ino, path };
  }
}
