import { readFile, stat } from 'node:fs/promises';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { disksBehind, disksBeneath, numberFrom } from './disks-behind.ts';

/** What has to stay readable and writable, with the words for the reason. */
export interface Held {
  readonly path: string;
  readonly holds: string;
}

/**
 * Why no fault may go to a disk, by its name: it holds what the agent or the host lives on. Looked at each time, since a filesystem can move. Where
 * it cannot be told which disk that is, it may be any, and all are protected.
 */
export async function protectedDisks(
  held: readonly Held[],
  names: readonly string[],
): Promise<Map<string, string>> {
  const reasons = new Map<string, string>();
  const give = (disks: Iterable<string>, because: string): void => {
    for (const name of disks) if (!reasons.has(name)) reasons.set(name, because);
  };
  for (const { path, holds } of held) {
    try {
      give(await disksBehind(path), `it holds ${holds}`);
    } catch (error) {
      give(names, `it may hold ${holds}: ${OrdealError.from(error).message}`);
    }
  }
  for (const path of await swapPaths()) {
    const because = `it holds the swap space ${path}, where the memory of the agent may be`;
    // What is no longer swap when it is looked at needs no protection.
    give(await disksOfSwap(path).catch(() => []), because);
  }
  return reasons;
}

async function swapPaths(): Promise<string[]> {
  const [, ...lines] = (await readFile('/proc/swaps', 'utf8').catch(() => '')).trim().split('\n');
  return lines.map((line) => line.split(/\s+/)[0] ?? '');
}

async function disksOfSwap(path: string): Promise<Set<string>> {
  const found = await stat(path, { bigint: true });
  return found.isBlockDevice() ? await disksBeneath(numberFrom(found.rdev)) : await disksBehind(path);
}
