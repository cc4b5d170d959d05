import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { readStat } from './stat.ts';

/** A process by what no later one of the same boot shares: a pid says nothing after its process has ended. */
export interface ProcessOfThisBoot {
  readonly pid: number;
  readonly startTicks: number;
}

/** With the boot, these name a process for ever: what is kept on disk. */
export const processIdentitySchema = z.strictObject({
  pid: z.int().positive(),
  startTicks: z.int().nonnegative(),
  bootId: z.string(),
});

export type ProcessIdentity = z.infer<typeof processIdentitySchema>;

export async function readBootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
}

/** Undefined when there is no such process, or only its remains. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const stat = await readStat(pid);
  if (stat === undefined || stat.isEnded) return undefined;
  return { pid, startTicks: stat.startTicks, bootId: await readBootId() };
}

export async function isAlive(process: ProcessOfThisBoot | ProcessIdentity): Promise<boolean> {
  const now = await identify(process.pid);
  if (now === undefined || now.startTicks !== process.startTicks) return false;
  return !('bootId' in process) || process.bootId === now.bootId;
}
