import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { formatDuration } from '../../clock/duration.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { graceMs, signalGroup } from '../process-group.ts';
import { identify } from '../../procfs/identity.ts';
import type { CommandWork__Output } from '../../proto/generated/ordeal/v1/CommandWork.ts';
import type { Status } from '../status.ts';
import type { TaskRun } from './task-run.ts';

/** What goes into a message: enough to see why it failed. */
const tailCharacters = 2_000;
/** What a program said last can still be on its way when its end is known. */
const lastWordsMs = 100;

/** Runs a program with its arguments, never through a shell, to deploy, prepare or undeploy what is under benchmark. */
export async function runCommand(run: TaskRun, work: CommandWork__Output): Promise<Status> {
  const [program, ...args] = work.argv;
  if (program === undefined) throw new OrdealError('INVALID_INPUT', 'the command names no program');
  if (!(work.timeoutUs > 0)) throw new OrdealError('INVALID_INPUT', 'a command needs a timeout above 0');
  const { ended } = run.orders;
  await run.begun();
  const timeout = AbortSignal.timeout(Math.ceil(work.timeoutUs / 1000));
  // A process group of its own, so that what it starts ends with it when it is stopped.
  const child = spawn(program, args, { detached: true, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
  let tail = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => {
      tail = (tail + bytes.toString()).slice(-tailCharacters);
    });
  }
  const end = endOf(child, AbortSignal.any([ended, timeout]));
  await tellLeader(run, child);
  run.say({ state: 'ACTIVE' });
  const how = await end;
  if (how === undefined) return { state: 'ENDED' };
  if (ended.aborted) return { state: 'ENDED', found: ['it was stopped before its end'] };
  const why = timeout.aborted ? `it took longer than ${formatDuration(work.timeoutUs)}` : how;
  const said = tail.trim() === '' ? '' : `: ${tail.trim()}`;
  throw new OrdealError('COMMAND_FAILED', `"${work.argv.join(' ')}" failed (${why})${said}`);
}

async function tellLeader({ begun, bench }: TaskRun, { pid }: ChildProcess): Promise<void> {
  const leader = pid === undefined ? undefined : await identify(pid);
  // It runs already, and that it has begun is on disk: it is better to go on than to stop half of a deployment.
  await begun(leader).catch((error: unknown) => {
    bench.log.error({ leader, err: error }, 'which process a command runs as could not be kept on disk');
  });
}

/** Undefined where it ended well; else how it ended. */
async function endOf(child: ChildProcess, signal: AbortSignal): Promise<string | undefined> {
  let hardEnd: NodeJS.Timeout | undefined;
  const stop = (): void => {
    signalGroup(child.pid, 'SIGTERM');
    hardEnd = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), graceMs);
  };
  const closed = once(child, 'close').catch(() => undefined);
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    // Not its "close": a daemon that it started may keep its output open for good.
    const [code, killedBy] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    await Promise.race([closed, sleep(lastWordsMs)]);
    if (signal.aborted) signalGroup(child.pid, 'SIGKILL');
    if (code === 0) return undefined;
    return killedBy === null ? `exit code ${code}` : `killed by ${killedBy}`;
  } catch (error) {
    return `it could not be started: ${OrdealError.from(error).message}`;
  } finally {
    clearTimeout(hardEnd);
    signal.removeEventListener('abort', stop);
    child.stdout?.destroy();
    child.stderr?.destroy();
  }
}
