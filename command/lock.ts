import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:net';

export interface DirectoryLock {
  release(): Promise<void>;
}

/**
 * Takes a directory for this process alone; undefined where somebody else has it. The kernel holds the lock, as a socket without a file, and
 * lets go of it with the process however that ends: nothing stale is ever left.
 */
export async function lockDirectory(directory: string, purpose: string): Promise<DirectoryLock | undefined> {
  const { dev, ino } = await stat(directory);
  // Hashed because such a name ends after 107 bytes.
  const hash = createHash('sha256').update(`${purpose} ${dev} ${ino}`).digest('hex').slice(0, 32);
  const server = createServer((socket) => socket.destroy());
  server.listen(`\0ordeal-lock-${hash}`);
  try {
    await once(server, 'listening');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return undefined;
    throw error;
  }
  server.unref();
  return {
    release: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}
