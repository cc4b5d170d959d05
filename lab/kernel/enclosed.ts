import { run } from '../../command/run.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';

/** A compiler under load, or in a machine that is itself emulated. */
const timeoutMs = 15 * 60 * 1000;

/** The devices and processes of this machine (objtool reads /proc), and the folder that is worked on, at /build. */
const enter =
  'mount --rbind /dev "$1/dev" && mount --rbind /proc "$1/proc" && mount --bind "$2" "$1/build" || exit; ' +
  'tree=$1; shift 2; exec chroot "$tree" "$@"';

/** The folders that a tree needs to be entered. */
export const mountPoints: readonly string[] = ['dev', 'proc', 'build'];

/**
 * Runs a program of a tree that was unpacked from packages as if the tree were the whole system. The mounts are seen by that program alone, and
 * go with it. Where this process is not root, the program is root in a user namespace, of this user's files only.
 */
export async function runEnclosed(tree: string, work: string, argv: readonly string[]): Promise<string> {
  const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const args = [...asRoot, '--mount', 'env', '-i', 'PATH=/usr/bin:/usr/sbin:/bin:/sbin', 'LC_ALL=C'];
  try {
    return await run('unshare', [...args, 'sh', '-c', enter, 'sh', tree, work, ...argv], { timeoutMs });
  } catch (error) {
    const { message } = OrdealError.from(error);
    if (!message.includes('unshare failed')) throw error;
    throw new OrdealError('NEEDS_ROOT', `user namespaces are not open to this user: ${message}`, {
      cause: error,
      remedy:
        'Allow them (sysctl kernel.unprivileged_userns_clone=1; on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0), or run this as root.',
    });
  }
}
