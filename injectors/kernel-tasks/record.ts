import type { FaultDirectory } from '../kernel-fault/fault-directory.ts';

/** So many are told one by one: enough to see what was done, few enough to be read. */
const toldAtMost = 32;

/** Each effect as the kernel has kept it, a line each; `tell` is given the words of one. Undefined where there was none. */
export async function recordIn(
  fault: FaultDirectory,
  kept: { readonly attribute: string; readonly done: string },
  tell: (words: readonly string[]) => string,
): Promise<string | undefined> {
  const lines = (await fault.read(kept.attribute)).split('\n').filter((line) => line !== '');
  if (lines.length === 0) return undefined;
  const told = lines.slice(0, toldAtMost).map((line) => tell(line.split(' ')));
  const more = lines.length > told.length ? [`and ${lines.length - told.length} more`] : [];
  return `${kept.done}: ${[...told, ...more].join(', ')}`;
}
