import type { FaultDirectory } from '../kernel-fault/fault-directory.ts';
import { recordIn } from '../kernel-tasks/record.ts';

/** Each flip: register, old and new value, who, where. */
export async function recordOfFlips(fault: FaultDirectory): Promise<string | undefined> {
  return await recordIn(fault, { attribute: 'flips', done: 'flipped' }, flipIn);
}

/** A line is: instant, trigger's number, register, old, new, pid, thread, instruction pointer, name (which may have blanks). */
function flipIn([
  ,
  index,
  register,
  before = '',
  after = '',
  pid,
  ,
  address,
  ...name
]: readonly string[]): string {
  return `${register} ${short(before)} -> ${short(after)} of ${pid} (${name.join(' ')}) at ${address} [${index}]`;
}

/** Without the zeros in front. */
function short(hex: string): string {
  return `0x${BigInt(hex).toString(16)}`;
}
