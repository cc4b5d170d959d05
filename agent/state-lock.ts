import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OrdealError } from '../errors/ordeal-error.ts';
import { identify, isAlive, processIdentitySchema, type ProcessIdentity } from './process-identity.ts';
import { systemCode } from '../errors/system-code.ts';

interface StateLock {
  release(): Promise<void>;
}

/**
 * Two agents on one state directory would revert each other's faults, so the second is refused. A lock whose process has ended
 * (or that was made before the last boot) is taken over.
 */
export async function lockState(directory: string): Promise<StateLock> {
  const path = join(directory, 'lock');
  const own = await identify(process.pid);
  if (own === undefined) throw new OrdealError('INTERNAL', 'this process cannot read its own start time');
  const candidate = join(directory, `.lock.${own.pid}`);
  await writeFile(candidate, JSON.stringify(own));
  try {
    while (!(await linked(candidate, path))) {
      const holder = await readHolder(path);
      if (holder !== undefined && (await isAlive(holder))) throw refused(directory, holder);
      await removeStale(path, `${candidate}.stale`, directory);
    }
  } finally {
    await rm(candidate, { force: true });
  }
  return { release: () => rm(path, { force: true }) };
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Moves the stale lock away, and looks at what was moved: another agent may have taken the lock over in between. */
async function removeStale(path: string, aside: string, directory: string): Promise<void> {
  try {
    await rename(path, aside);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  const moved = await readHolder(aside);
  try {
    if (moved === undefined || !(await isAlive(moved))) return;
    await linked(aside, path);
    throw refused(directory, moved);
  } finally {
    await rm(aside, { force: true });
  }
}

/** Undefined where it is not there or was not written by an agent: such a file holds nothing. */
async function readHolder(path: string): Promise<ProcessIdentity | undefined> {
  try {
    return processIdentitySchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

function refused(directory: string, holder: ProcessIdentity): OrdealError {
  return new OrdealError(
    'ALREADY_EXISTS',
    `another agent (process ${holder.pid}) works on the state directory ${directory}`,
    { remedy: 'End the other agent first, or give this one a state directory of its own.' },
  );
}
