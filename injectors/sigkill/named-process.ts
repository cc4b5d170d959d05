import { readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { nearest } from '../../errors/nearest.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { ProcessOfThisBoot } from '../../procfs/identity.ts';
import { readStat } from '../../procfs/stat.ts';

/** A process with the names that it goes by. */
export interface NamedProcess extends ProcessOfThisBoot {
  readonly parent: number;
  /** What the kernel calls it: cut to 15 characters, and changed by some programs. */
  readonly comm: string;
  /** The name of the file that it runs; absent where it runs none, as a thread of the kernel. */
  readonly program?: string;
}

/** They are kept in the journal, and killed one after the other: a name that so many share is not meant for one fault. */
const mostAtOnce = 64;

/** Names for a message that is read on a terminal. */
const mostTold = 20;

/** Those of them that run: neither a process that is gone nor the remains of one has a name. */
export async function namedAmong(pids: readonly number[]): Promise<NamedProcess[]> {
  const read = await Promise.all(pids.map(readNamed));
  return read.filter((found) => found !== undefined);
}

/** All that go by exactly this name, or an error that says which names there are. */
export function chosenBy(name: string, running: readonly NamedProcess[], place: string): NamedProcess[] {
  const chosen = running.filter(({ comm, program }) => comm === name || program === name);
  if (chosen.length === 0) {
    throw new OrdealError('NO_TARGET', `no process on ${place} is named "${name}"${namesIn(running, name)}`, {
      remedy: 'Give the name as `ps -o comm` shows it, or the file name of the program.',
    });
  }
  if (chosen.length <= mostAtOnce) return chosen;
  throw new OrdealError(
    'INVALID_INPUT',
    `${chosen.length} processes on ${place} are named "${name}"; one fault kills ${mostAtOnce} at most`,
    { remedy: 'Name what fewer processes bear, or a container that holds fewer of them.' },
  );
}

function namesIn(running: readonly NamedProcess[], name: string): string {
  const names = [...new Set(running.flatMap(({ comm, program }) => [comm, program ?? comm]))].toSorted();
  if (names.length === 0) return '; none runs there';
  const meant = nearest(name, names);
  const guess = meant === undefined ? '' : `; did you mean "${meant}"?`;
  const more = names.length > mostTold ? `, and ${names.length - mostTold} more` : '';
  return `${guess}${guess === '' ? ';' : ''} there is: ${names.slice(0, mostTold).join(', ')}${more}`;
}

async function readNamed(pid: number): Promise<NamedProcess | undefined> {
  const stat = await readStat(pid);
  const comm = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => undefined);
  if (stat === undefined || stat.isEnded || comm === undefined) return undefined;
  const { startTicks, parent } = stat;
  const file = await readlink(`/proc/${pid}/exe`).catch(() => undefined);
  // The kernel says so of a program whose file was replaced, as an upgrade does.
  const program = file === undefined ? {} : { program: basename(file.replace(/ \(deleted\)$/, '')) };
  return { pid, startTicks, parent, comm: comm.replace(/\n$/, ''), ...program };
}
