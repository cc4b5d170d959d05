import type { FaultDirectory } from '../kernel-fault/fault-directory.ts';

/** So many are told one by one: enough to see what was done, few enough to be read. */
const toldAtMost = 32;

/** Each flip as the kernel has kept it: register, old and new value, who, where. Undefined where there was none. */
export async function recordOfFlips(fault: FaultDirectory): Promise<string | undefined> {
  const lines = (await fault.read('flips')).split('\n').filter((line) => line !== '');
  if (lines.length === 0) return undefined;
  const told = lines.slice(0, toldAtMost).map(flipIn);
  const more = lines.length > told.length ? [`and ${lines.length - told.length} more`] : [];
  return `flipped: ${[...told, ...more].join(', ')}`;
}

/** A line is: instant, trigger's number, register, old, new, pid, thread, instruction pointer, name (which may have blanks). */
function flipIn(line: string): string {
  const [, index, register, before = '', after = '', pid, , address, ...name] = line.split(' ');
  return `${register} ${short(before)} -> ${short(after)} of ${pid} (${name.join(' ')}) at ${address} [${index}]`;
}

/** Without the zeros in front. */
function short(hex: string): string {
  return `0x${BigInt(hex).toString(16)}`;
}
