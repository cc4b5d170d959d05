import type { ProcessOfThisBoot } from './identity.ts';
import { readOfProcess, readStat } from './stat.ts';

interface Candidate extends ProcessOfThisBoot {
  readonly parent: number;
  /** Its pid in each pid namespace, from this one to its own. */
  readonly pids: readonly number[];
}

/**
 * The process whose death ends a container: the one that is PID 1 in its own pid namespace (the outermost, where containers are
 * nested), else the oldest of those that were started from outside.
 */
export async function mainProcessAmong(pids: Iterable<number>): Promise<ProcessOfThisBoot | undefined> {
  const candidates = await readCandidates(pids);
  return justIdentity(outermostInit(candidates) ?? oldestFromOutside(candidates));
}

/** The one that is PID 1 in its own pid namespace; undefined where nothing has one. */
export async function initAmong(pids: Iterable<number>): Promise<ProcessOfThisBoot | undefined> {
  return justIdentity(outermostInit(await readCandidates(pids)));
}

/** It is kept on disk, by whoever asks, where nothing else is expected. */
function justIdentity(found: Candidate | undefined): ProcessOfThisBoot | undefined {
  return found && { pid: found.pid, startTicks: found.startTicks };
}

function outermostInit(candidates: readonly Candidate[]): Candidate | undefined {
  const inits = candidates.filter(({ pids }) => pids.length > 1 && pids.at(-1) === 1);
  return inits.toSorted((one, other) => one.pids.length - other.pids.length || older(one, other))[0];
}

function oldestFromOutside(candidates: readonly Candidate[]): Candidate | undefined {
  const inside = new Set(candidates.map((candidate) => candidate.pid));
  return candidates.filter((candidate) => !inside.has(candidate.parent)).toSorted(older)[0];
}

function older(one: Candidate, other: Candidate): number {
  return one.startTicks - other.startTicks || one.pid - other.pid;
}

async function readCandidates(pids: Iterable<number>): Promise<Candidate[]> {
  const read = await Promise.all([...pids].map(readCandidate));
  return read.filter((candidate) => candidate !== undefined);
}

async function readCandidate(pid: number): Promise<Candidate | undefined> {
  const stat = await readStat(pid);
  const status = await readOfProcess(pid, 'status');
  if (stat === undefined || stat.isEnded) return undefined;
  const pids = /^NSpid:\s+(.*)$/m
    .exec(status ?? '')?.[1]
    ?.split(/\s+/)
    .map(Number) ?? [pid];
  return { pid, startTicks: stat.startTicks, parent: stat.parent, pids };
}
