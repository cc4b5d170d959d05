import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { systemCode } from '../../errors/system-code.ts';

/** Of the target, never of where a link of the target's leads: that would be resolved in the file tree of the agent. */
const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/**
 * Opens a directory below a root step by step, and lets `act` work on it by a path that stays right whatever is renamed meanwhile. The
 * path is one for all processes that see the same /proc, as long as `act` lasts.
 */
export async function inDirectory<Result>(
  root: string,
  directory: string,
  act: (path: string) => Promise<Result>,
): Promise<Result> {
  const steps = directory.split('/').filter((step) => step !== '');
  let at = await opened(root, constants.O_RDONLY | constants.O_DIRECTORY, root);
  try {
    for (const [index, step] of steps.entries()) {
      const next = await opened(`${pathOf(at)}/${step}`, flags, `/${steps.slice(0, index + 1).join('/')}`);
      await at.close();
      at = next;
    }
    return await act(pathOf(at));
  } finally {
    await at.close();
  }
}

function pathOf({ fd }: FileHandle): string {
  return `/proc/${process.pid}/fd/${fd}`;
}

async function opened(path: string, how: number, name: string): Promise<FileHandle> {
  try {
    return await open(path, how);
  } catch (error) {
    const code = systemCode(error);
    if (!['ENOENT', 'ENOTDIR', 'ELOOP'].includes(code)) throw error;
    const found = code === 'ENOENT' ? 'is not there' : 'is no directory, or a symbolic link';
    throw new OrdealError('NO_TARGET', `${name} ${found}`, {
      cause: error,
      remedy: 'Name a directory that the target has, by a path in which nothing is a symbolic link.',
    });
  }
}
