import { readFile } from 'node:fs/promises';
import { systemCode } from '../errors/system-code.ts';

/** A process by what no later one shares: its pid and when it was started, in the kernel's own ticks. */
export interface MainProcess {
  readonly pid: number;
  readonly startTicks: number;
}

interface Candidate extends MainProcess {
  readonly parent: number;
  /** Its pid in each pid namespace, from this one to its own. */
  readonly pids: readonly number[];
}

/**
 * The process whose death ends a container: the one that is PID 1 in its own pid namespace (the outermost, where containers are
 * nested), else the oldest of those that were started from outside.
 */
export async function mainProcessAmong(pids: readonly number[]): Promise<MainProcess | undefined> {
  const read = await Promise.all(pids.map(readCandidate));
  const candidates = read.filter((candidate) => candidate !== undefined);
  return outermostInit(candidates) ?? oldestFromOutside(candidates);
}

export async function isAlive({ pid, startTicks }: MainProcess): Promise<boolean> {
  const stat = await readStat(pid);
  // A zombie is dead: it runs no more, and only waits for its parent to be told.
  return stat !== undefined && stat.startTicks === startTicks && !['Z', 'X'].includes(stat.state);
}

export function parseStat(text: string): { state: string; parent: number; startTicks: number } | undefined {
  // The name, in parentheses, may hold anything, blanks and parentheses too: all else stands after the last one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, parent] = fields;
  // The 22nd field of the line; the first two went with the name.
  const startTicks = fields[19];
  if (state === undefined || parent === undefined || startTicks === undefined) return undefined;
  return { state, parent: Number(parent), startTicks: Number(startTicks) };
}

function outermostInit(candidates: readonly Candidate[]): MainProcess | undefined {
  const inits = candidates.filter(({ pids }) => pids.length > 1 && pids.at(-1) === 1);
  return inits.toSorted((one, other) => one.pids.length - other.pids.length || older(one, other))[0];
}

function oldestFromOutside(candidates: readonly Candidate[]): MainProcess | undefined {
  const inside = new Set(candidates.map((candidate) => candidate.pid));
  return candidates.filter((candidate) => !inside.has(candidate.parent)).toSorted(older)[0];
}

function older(one: Candidate, other: Candidate): number {
  return one.startTicks - other.startTicks || one.pid - other.pid;
}

async function readCandidate(pid: number): Promise<Candidate | undefined> {
  const stat = await readStat(pid);
  const status = await readIfThere(`/proc/${pid}/status`);
  if (stat === undefined || ['Z', 'X'].includes(stat.state)) return undefined;
  const pids = /^NSpid:\s+(.*)$/m
    .exec(status ?? '')?.[1]
    ?.split(/\s+/)
    .map(Number) ?? [pid];
  return { pid, startTicks: stat.startTicks, parent: stat.parent, pids };
}

async function readStat(pid: number): Promise<ReturnType<typeof parseStat>> {
  const text = await readIfThere(`/proc/${pid}/stat`);
  return text === undefined ? undefined : parseStat(text);
}

/** A process may end at any time, also between opening its file and reading it. */
async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}
