import { lockDirectory, type DirectoryLock } from '../command/lock.ts';
import { OrdealError } from '../errors/ordeal-error.ts';

/** Two agents on one state directory would revert each other's faults, so the second is refused. */
export async function lockState(directory: string): Promise<DirectoryLock> {
  const lock = await lockDirectory(directory);
  if (lock !== undefined) return lock;
  throw new OrdealError('ALREADY_EXISTS', `another agent works on the state directory ${directory}`, {
    remedy: `End the other agent first (\`fuser ${directory}\` tells its process), or give this one a state directory of its own.`,
  });
}
