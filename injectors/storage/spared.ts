import { OrdealError } from '../../errors/ordeal-error.ts';
import { filesystemOf, shareSpace, type Filesystem } from './filesystem.ts';

/** The first of these directories that is on the filesystem; undefined where none is. */
export async function sparedOn(
  filesystem: Filesystem,
  spared: readonly string[],
): Promise<string | undefined> {
  for (const directory of spared) {
    if (shareSpace(filesystem, await filesystemOf(directory))) return directory;
  }
  return undefined;
}

/** Refuses the filesystem that one of these directories is on: what Ordeal itself writes has to find its place. */
export async function refuseSpared(filesystem: Filesystem, spared: readonly string[]): Promise<void> {
  const directory = await sparedOn(filesystem, spared);
  if (directory === undefined) return;
  throw new OrdealError(
    'PROTECTED_TARGET',
    `it is on the filesystem of ${directory}, where Ordeal keeps its own`,
    { remedy: "Choose a directory of another filesystem, or keep the agent's state on a disk of its own." },
  );
}
