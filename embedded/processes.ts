import { spawn } from 'node:child_process';
import { open, readdir, readFile, readlink, stat } from 'node:fs/promises';
import { z } from 'zod';
import { OrdealError } from '../errors/ordeal-error.ts';

/** A pid says nothing after the process has ended; with the start time (in ticks) and the boot it names one forever. */
export const processIdentitySchema = z.object({ pid: z.number(), startTicks: z.number(), boot: z.string() });

export type ProcessIdentity = z.infer<typeof processIdentitySchema>;

interface Daemon {
  readonly argv: readonly string[];
  readonly netns: string;
  /** The `cgroup.procs` files of the cgroup that it joins. */
  readonly processFiles: readonly string[];
  readonly outputFile: string;
  readonly errorFile: string;
}

/** Starts a process in its cgroup and network namespace that outlives this one: a session of its own, no pipe to us. */
export async function startDaemon(daemon: Daemon): Promise<ProcessIdentity> {
  const [program, ...args] = confined(daemon.processFiles, daemon.netns, daemon.argv);
  const output = await open(daemon.outputFile, 'a');
  const errors = await open(daemon.errorFile, 'a');
  try {
    const child = spawn(program, args, {
      cwd: '/',
      detached: true,
      // Times in the logs are read by programs, so they are not those of the place where the machine stands.
      env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', output.fd, errors.fd],
    });
    child.on('error', () => undefined);
    child.unref();
    const identity = child.pid === undefined ? undefined : await identify(child.pid);
    if (identity === undefined) {
      const message = `"${daemon.argv.join(' ')}" did not start; see ${daemon.errorFile}`;
      throw new OrdealError('COMMAND_FAILED', message);
    }
    return identity;
  } finally {
    await output.close();
    await errors.close();
  }
}

/** The command that joins the cgroups and the network namespace, and then becomes the given one, with the same pid. */
export function confined(
  processFiles: readonly string[],
  netns: string,
  argv: readonly string[],
): [string, ...string[]] {
  const join = 'while [ "$1" != -- ]; do echo $$ >"$1" || exit 1; shift; done; shift; exec "$@"';
  // nsenter, not "ip netns exec": that mounts a new /sys, in which the cgroups would not be found.
  return ['/bin/sh', '-c', join, 'ordeal', ...processFiles, '--', 'nsenter', `--net=${netns}`, '--', ...argv];
}

/** Undefined when there is no such process, or only its remains. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const fields = await statFields(pid);
  const [state = 'Z'] = fields;
  // Counted from the state, which is field 3; the start time is field 22.
  const startTicks = Number(fields[19]);
  if (state === 'Z' || state === 'X' || Number.isNaN(startTicks)) return undefined;
  const boot = (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  return { pid, startTicks, boot };
}

export async function isAlive(identity: ProcessIdentity | undefined): Promise<boolean> {
  if (identity === undefined) return false;
  const now = await identify(identity.pid);
  return now?.startTicks === identity.startTicks && now.boot === identity.boot;
}

/** Every process whose network namespace is one of these paths. */
export async function processesInNamespaces(paths: readonly string[]): Promise<Set<number>> {
  const inodes = new Set<string>();
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined) inodes.add(`net:[${found.ino}]`);
  }
  const pids = new Set<number>();
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const inode = await readlink(`/proc/${entry}/ns/net`).catch(() => undefined);
    if (inode !== undefined && inodes.has(inode)) pids.add(Number(entry));
  }
  return pids;
}

/** The process that is number 1 of a pid namespace of its own. */
export async function firstOfPidNamespace(pids: Iterable<number>): Promise<number | undefined> {
  for (const pid of pids) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    if (/^NSpid:.*\t1$/m.test(status)) return pid;
  }
  return undefined;
}

/** For messages: what a process was started as. */
export async function describeProcess(pid: number): Promise<string> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return `${pid} (${commandLine.replaceAll('\0', ' ').trim()})`;
}

async function statFields(pid: number): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The second field is the program's name in parentheses and can hold anything, a parenthesis too.
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}
