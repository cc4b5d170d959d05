import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { systemCode } from '../../errors/system-code.ts';

/** Of what it complained, enough for a message. */
const tailCharacters = 500;
/** What it printed last, at the most a pipe full, can still be on its way when its end is known. */
const lastWordsMs = 1_000;

/**
 * Runs a program with its arguments, never through a shell, in a process group of its own, all of which is killed when the signal aborts. Answers
 * how it failed; undefined where it ended well.
 */
export async function runProgram(
  argv: readonly string[],
  onOutput: (bytes: Uint8Array) => void,
  signal: AbortSignal,
): Promise<string | undefined> {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, {
    detached: true,
    cwd: '/',
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stdout.on('data', onOutput);
  child.stderr.on('data', (bytes: Buffer) => {
    complaint = (complaint + bytes.toString()).slice(-tailCharacters);
  });
  const kill = (): void => killGroup(child);
  signal.addEventListener('abort', kill, { once: true });
  if (signal.aborted) kill();
  const closed = once(child, 'close').catch(() => undefined);
  try {
    // Not its "close": a daemon that it started may keep its output open for good.
    const [code, killedBy] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    await Promise.race([closed, sleep(lastWordsMs, undefined, { ref: false })]);
    if (code === 0) return undefined;
    const how = killedBy === null ? `exit code ${code}` : `killed by ${killedBy}`;
    return complaint.trim() === '' ? how : `${how}: ${complaint.trim()}`;
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    throw new OrdealError('MISSING_PROGRAM', `the program "${program}" was not found`, { cause: error });
  } finally {
    signal.removeEventListener('abort', kill);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is gone already.
  }
}
