import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { run } from '../../command/run.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';

const files = ['/etc/subuid', '/etc/subgid'];

/** Installing packages makes files of several users, for which somebody who is not root needs user ids below his own. */
export async function requireSubordinateIds(): Promise<void> {
  // Without arguments it only says how it is used; that it is there is what matters.
  await run('sh', ['-c', 'command -v newuidmap']).catch((error: unknown) => {
    throw new OrdealError(
      'MISSING_PROGRAM',
      'the program "newuidmap" was not found; it comes with the Debian package uidmap',
      { cause: error },
    );
  });
  const { username, uid } = userInfo();
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (!hasIds(text, [username, String(uid)])) {
      throw new OrdealError('NEEDS_ROOT', `${file} gives the user ${username} no ids`, {
        remedy: `Let root run: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${username}`,
      });
    }
  }
}

/** Lines are `user:first:count`; the user is a name or a number. */
export function hasIds(text: string, users: readonly string[]): boolean {
  return text.split('\n').some((line) => {
    const [user = '', , count] = line.split(':');
    return users.includes(user) && Number(count) >= 65536;
  });
}
