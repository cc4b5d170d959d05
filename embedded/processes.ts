import { spawn } from 'node:child_process';
import { open, readdir, readFile, readlink, stat } from 'node:fs/promises';
import { OrdealError } from '../errors/ordeal-error.ts';
import { identify, type ProcessIdentity } from '../procfs/identity.ts';

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

/** For messages: what a process was started as. */
export async function describeProcess(pid: number): Promise<string> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return `${pid} (${commandLine.replaceAll('\0', ' ').trim()})`;
}
