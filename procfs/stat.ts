import { readFile } from 'node:fs/promises';
import { systemCode } from '../errors/system-code.ts';

/** What the kernel says of a process in one line. */
export interface ProcessStat {
  /** True of what only waits for its parent to be told of its end: it runs no more. */
  readonly isEnded: boolean;
  readonly parent: number;
  /** When it was started, in the kernel's own ticks since the boot. */
  readonly startTicks: number;
  /** The processor time that it has used, in user and in kernel mode. */
  readonly usedTicks: number;
  /** The same of the children that it has waited for. */
  readonly usedByChildrenTicks: number;
}

/** Undefined where there is no such process. */
export async function readStat(pid: number): Promise<ProcessStat | undefined> {
  return parseStat((await readOfProcess(pid, 'stat')) ?? '');
}

export function parseStat(text: string): ProcessStat | undefined {
  // The name, in parentheses, may hold anything, blanks and parentheses too: all else stands after the last one.
  const [state = '', ...numbers] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  // proc(5) counts from 1, and the pid, the name and the state are gone.
  const field = (number: number) => Number(numbers[number - 4]);
  if (Number.isNaN(field(22))) return undefined;
  return {
    isEnded: state === 'Z' || state === 'X',
    parent: field(4),
    startTicks: field(22),
    usedTicks: field(14) + field(15),
    usedByChildrenTicks: field(16) + field(17),
  };
}

/** One of the files of a process; undefined where that has ended: it may do so at any time, also between opening the file and reading it. */
export async function readOfProcess(
  pid: number,
  file: 'stat' | 'status' | 'io',
): Promise<string | undefined> {
  try {
    return await readFile(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}
