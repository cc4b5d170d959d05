import { readFile } from 'node:fs/promises';

/** How a process stands with the kernel when there is too little of something. */
export interface Standing {
  /** What of its memory is never taken from it. */
  readonly lockedKb: number;
  /** -1000 is never killed for memory, 1000 is killed first. */
  readonly oomScoreAdj: number;
  /** Of the real-time classes, 1 to 99; 0 of all others. */
  readonly realTimePriority: number;
  /** -20 comes first among those that are not real-time. */
  readonly nice: number;
}

/** Undefined where there is no such process. */
export async function readStanding(pid: number): Promise<Standing | undefined> {
  const read = async (file: string): Promise<string> => await readFile(`/proc/${pid}/${file}`, 'utf8');
  try {
    return parseStanding(await read('status'), await read('oom_score_adj'), await read('stat'));
  } catch {
    return undefined;
  }
}

export function parseStanding(status: string, oomScoreAdj: string, stat: string): Standing {
  // The name, in parentheses, may hold anything; proc(5) counts the fields from 1, and the state is the third.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    lockedKb: Number(/^VmLck:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0),
    oomScoreAdj: Number(oomScoreAdj),
    realTimePriority: Number(fields[40 - 3]),
    nice: Number(fields[19 - 3]),
  };
}
