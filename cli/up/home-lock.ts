import { mkdir } from 'node:fs/promises';
import { lockDirectory, type DirectoryLock } from '../../command/lock.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Home } from '../home.ts';

/** Keeps the home for this `ordeal up` from before anything of it starts until all of it has ended: two would share ports, certificates and the store. */
export async function lockHome(home: Home): Promise<DirectoryLock> {
  await mkdir(home.directory, { recursive: true, mode: 0o700 });
  const lock = await lockDirectory(home.directory);
  if (lock !== undefined) return lock;
  throw new OrdealError('ALREADY_EXISTS', `Ordeal already runs from ${home.directory}`, {
    remedy: `Use it as it is, end it with Ctrl-C or SIGTERM (\`fuser ${home.directory}\` tells its process), or give another ORDEAL_HOME and --port.`,
  });
}
