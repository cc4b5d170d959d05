import { readdir, readFile, readlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { identify, type ProcessOfThisBoot } from '../../procfs/identity.ts';
import { readQemuCommandLine, type QemuCommandLine } from './command-line.ts';

/** A QEMU that runs on this host, and so a virtual machine. */
export interface QemuProcess extends ProcessOfThisBoot, QemuCommandLine {}

/** All of them; of an agent in a network namespace of its own, those that are in it. */
export async function qemuProcesses(): Promise<QemuProcess[]> {
  const own = await networkOf('self');
  const ofAll = own === (await networkOf('1'));
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const qemu = await qemuAt(Number(pid));
      return qemu !== undefined && (ofAll || (await networkOf(pid)) === own) ? [qemu] : [];
    }),
  );
  return found.flat();
}

/** Undefined where the process is another program, or none. */
export async function qemuAt(pid: number): Promise<QemuProcess | undefined> {
  const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
  const line = readQemuCommandLine(words.slice(0, -1));
  if (line === undefined) return undefined;
  const identity = await identify(pid);
  return identity && { pid, startTicks: identity.startTicks, ...line };
}

/** Where its monitors are found from here. */
export async function monitorSockets({ pid, monitors }: QemuProcess): Promise<string[]> {
  const paths = await Promise.all(
    monitors.map(async (monitor) =>
      'path' in monitor ? monitor.path : await pathOfSocket(pid, monitor.descriptor),
    ),
  );
  return await pathsFromHere(
    pid,
    paths.filter((path) => path !== undefined),
  );
}

/** Paths as a process has them, which may be in a folder and a file tree of its own. */
export async function pathsFromHere(pid: number, paths: readonly string[]): Promise<string[]> {
  const root = await readlink(`/proc/${pid}/root`).catch(() => '/');
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => '/');
  return paths
    .map((path) => resolve(folder, path))
    .map((path) => (root === '/' ? path : join(`/proc/${pid}/root`, path)));
}

/** Where the socket that a process has as a descriptor listens. */
async function pathOfSocket(pid: number, descriptor: number): Promise<string | undefined> {
  const link = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
  const inode = /^socket:\[(\d+)\]$/.exec(link)?.[1];
  if (inode === undefined) return undefined;
  const sockets = await readFile(`/proc/${pid}/net/unix`, 'utf8').catch(() => '');
  for (const line of sockets.split('\n')) {
    const [, , , , , , number, ...path] = line.trim().split(/\s+/);
    if (number === inode && path.length > 0) return path.join(' ');
  }
  return undefined;
}

async function networkOf(process: string): Promise<string> {
  return await readlink(`/proc/${process}/ns/net`).catch(() => 'gone');
}
