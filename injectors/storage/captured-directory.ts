import { z } from 'zod';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { isAlive } from '../../procfs/identity.ts';
import { captureSite, siteSchema } from '../hog/site.ts';
import type { Memory } from '../injector.ts';
import type { Target } from '../target.ts';
import { inDirectory } from './directory.ts';
import { filesystemOf } from './filesystem.ts';

/** Where a directory of the target is, as the journal keeps it: its filesystem has to be the same when the fault begins. */
export const capturedDirectorySchema = z.object({ device: z.number() }).and(siteSchema);

type Captured = z.infer<typeof capturedDirectorySchema>;

/** `look` refuses a directory that does not suit, and answers what else is to be remembered of it. */
export async function captureDirectory(
  target: Target,
  directory: string,
  look: (path: string) => Promise<Memory>,
): Promise<Memory> {
  const site = await captureSite(target);
  return await inDirectory(rootOf(siteSchema.parse(site)), directory, async (path) => ({
    ...site,
    ...(await look(path)),
    device: (await filesystemOf(path)).device,
  }));
}

export async function inCapturedDirectory(
  captured: Captured,
  directory: string,
  act: (path: string) => Promise<void>,
): Promise<void> {
  await inDirectory(rootOf(captured), directory, async (path) => {
    await refuseOther(path, captured);
    await act(path);
  });
}

function rootOf(site: z.infer<typeof siteSchema>): string {
  return `/proc/${site.site === 'host' ? 'self' : site.pid}/root`;
}

/** Looked at when the directory is open: a process of the same number that has come since is another one. */
async function refuseOther(path: string, captured: Captured): Promise<void> {
  if (captured.site === 'container' && !(await isAlive(captured))) {
    throw new OrdealError(
      'NO_TARGET',
      `its init, process ${captured.pid}, has ended since the fault was prepared`,
    );
  }
  if ((await filesystemOf(path)).device !== captured.device) {
    throw new OrdealError('NO_TARGET', 'another filesystem is there since the fault was prepared');
  }
}
