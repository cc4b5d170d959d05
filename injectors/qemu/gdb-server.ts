import { chown, mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { tmpdir } from 'node:os';
import { z } from 'zod';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Monitor } from './monitor.ts';

const chardevsSchema = z.array(z.object({ label: z.string(), filename: z.string() }));

/** As QEMU calls the character device of its gdb stub. */
const label = 'gdb';

/** Where the stub of an injection listens: a unix socket in a folder that nobody else can enter, for it asks nobody who he is. */
export function socketOf(injection: string): string {
  return join(tmpdir(), `ordeal-gdb-${injection}`, 'socket');
}

/** Where a QEMU has a stub that listens or is connected; undefined where it has none. */
export async function gdbServerOf(monitor: Monitor): Promise<string | undefined> {
  const devices = chardevsSchema.parse(await monitor.ask('query-chardev'));
  return devices.find((device) => device.label === label)?.filename;
}

/** Has the QEMU of this process listen there. */
export async function startGdbServer(monitor: Monitor, socket: string, pid: number): Promise<void> {
  const folder = dirname(socket);
  await mkdir(folder, { mode: 0o700 });
  const { uid, gid } = await stat(`/proc/${pid}`);
  await chown(folder, uid, gid);
  const said = await monitor.askAsPeople(`gdbserver unix:${socket.replaceAll(',', ',,')},server=on,wait=off`);
  if ((await gdbServerOf(monitor))?.includes(socket) === true) return;
  throw new OrdealError('APPLY_FAILED', `its QEMU opens no gdb stub at ${socket}: ${said.trim()}`);
}

export async function endGdbServer(monitor: Monitor, socket: string): Promise<void> {
  if ((await gdbServerOf(monitor))?.includes(socket) === true) await monitor.askAsPeople('gdbserver none');
  await rm(dirname(socket), { recursive: true, force: true });
}
