import { run } from '../../command/run.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { Support } from '../injector.ts';
import { withoutRoot } from '../privilege.ts';

/** Nothing is loaded to find out: a module that can be loaded is when the first fault comes. */
export async function dmSupport(kinds: readonly string[]): Promise<Support> {
  const unprivileged = withoutRoot();
  if (unprivileged !== undefined) return unprivileged;
  let there: string;
  try {
    there = await run('dmsetup', ['targets']);
  } catch (error) {
    const { code, message } = OrdealError.from(error);
    const remedy =
      code === 'MISSING_PROGRAM'
        ? 'Install the package dmsetup (`apt-get install dmsetup`).'
        : 'Use a kernel with device mapper (CONFIG_BLK_DEV_DM); `modprobe dm-mod` loads it.';
    return { supported: false, reason: message, remedy };
  }
  for (const kind of kinds) {
    if (new RegExp(`^${kind}\\s`, 'm').test(there)) continue;
    try {
      await run('modprobe', ['--dry-run', '--quiet', `dm-${kind}`]);
    } catch {
      return {
        supported: false,
        reason: `device mapper has no ${kind} here, nor is there a module dm-${kind}`,
        remedy: `Use a kernel with CONFIG_DM_${kind.toUpperCase()}.`,
      };
    }
  }
  return { supported: true };
}
