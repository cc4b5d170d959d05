import type { FaultDirectory } from '../kernel-fault/fault-directory.ts';
import { recordIn } from '../kernel-tasks/record.ts';

/** Each change: the kind of mapping, where, the bytes before and after, whose. */
export async function recordOfCorruptions(fault: FaultDirectory): Promise<string | undefined> {
  return await recordIn(fault, { attribute: 'corruptions', done: 'corrupted' }, corruptionIn);
}

/** A line is: instant, trigger's number, kind of mapping, address, old bytes, new bytes, pid, thread, name (which may have blanks). */
function corruptionIn([, index, mapping, address, before, after, pid, , ...name]: readonly string[]): string {
  return `${mapping} at ${address} ${before} -> ${after} of ${pid} (${name.join(' ')}) [${index}]`;
}
