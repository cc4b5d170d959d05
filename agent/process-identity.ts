import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** A pid says nothing after its process has ended; with the start time (in ticks) and the boot it names one for ever. */
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
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The second field is the program's name in parentheses and can hold anything, a parenthesis too.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state = 'Z'] = fields;
  // Counted from the state, which is field 3; the start time is field 22.
  const startTicks = Number(fields[19]);
  if (state === 'Z' || state === 'X' || Number.isNaN(startTicks)) return undefined;
  return { pid, startTicks, bootId: await readBootId() };
}

export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  const now = await identify(identity.pid);
  return now?.startTicks === identity.startTicks && now.bootId === identity.bootId;
}
