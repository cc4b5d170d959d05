import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lockDirectory } from '../../command/lock.ts';
import { digest } from './digest.ts';

type Progress = (line: string) => void;

/** How often is looked whether another process has let go of a lock; a build takes tens of seconds. */
const lookAgainMs = 200;

/** What takes long to build, by what went into it: built once, whole or not at all, whoever asks and how many at a time. */
export class ContentCache {
  readonly directory: string;
  readonly progress: Progress;

  constructor(directory: string, progress: Progress) {
    this.directory = directory;
    this.progress = progress;
  }

  static ofThisUser(progress: Progress): ContentCache {
    const caches = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
    return new ContentCache(process.env.ORDEAL_LAB_CACHE ?? join(caches, 'ordeal', 'lab'), progress);
  }

  /** The folder that `build` has filled, now or before, with what these inputs make. */
  async item(
    kind: string,
    inputs: readonly string[],
    build: (directory: string) => Promise<void>,
  ): Promise<string> {
    const name = `${kind}-${digest(inputs)}`;
    const finished = join(this.directory, name);
    if (await exists(finished)) return finished;
    await this.alone(kind, join(this.directory, 'building', name), async (building) => {
      if (await exists(finished)) return;
      const product = join(building, 'product');
      // What a build that was killed has left.
      await rm(product, { recursive: true, force: true });
      await mkdir(product);
      await build(product);
      await rename(product, finished);
    });
    return finished;
  }

  /** Does a piece of work in a folder that no other process works in meanwhile. */
  async alone(subject: string, directory: string, work: (directory: string) => Promise<void>): Promise<void> {
    await mkdir(directory, { recursive: true });
    let lock = await lockDirectory(directory);
    if (lock === undefined) this.progress(`waits for ${subject}: it is being made already`);
    while (lock === undefined) {
      await sleep(lookAgainMs);
      lock = await lockDirectory(directory);
    }
    try {
      await work(directory);
    } finally {
      await lock.release();
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}
