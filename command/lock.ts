import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { close, openSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { OrdealError } from '../errors/ordeal-error.ts';

export interface DirectoryLock {
  release(): Promise<void>;
}

const closeFile = promisify(close);

/** The first descriptor of a child after its standard ones. */
const inherited = 3;
/** How `flock` shall end where somebody else has the lock: with what no other end of it has. */
const taken = 75;

/**
 * Takes a directory for this process alone; undefined where somebody else has it. The kernel holds the lock, on the directory itself, and lets
 * go of it with the process however that ends: nothing is written, so a full disk is no hindrance, and nothing stale is ever left.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock | undefined> {
  // A bare number: a FileHandle that nobody remembers is closed, and the lock would be gone with it.
  const descriptor = openSync(directory, 'r');
  const lock = { release: async () => await closeFile(descriptor) };
  try {
    // The lock belongs to the open directory, which the child shares, and so outlives the child.
    const args = ['--nonblock', '--conflict-exit-code', String(taken), String(inherited)];
    const child = spawn('flock', args, { stdio: ['ignore', 'ignore', 'pipe', descriptor] });
    const closed = once(child, 'close') as Promise<[number | null]>;
    const [said, [code]] = await Promise.all([child.stderr === null ? '' : text(child.stderr), closed]);
    if (code === 0) return lock;
    if (code !== taken) {
      throw new OrdealError('COMMAND_FAILED', `the directory ${directory} cannot be locked: ${said.trim()}`);
    }
  } catch (error) {
    await lock.release();
    throw error;
  }
  await lock.release();
  return undefined;
}
