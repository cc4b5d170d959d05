import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { SampleColumns } from '../events/sample-columns.ts';
import { OrdealError } from '../errors/ordeal-error.ts';
import type { Driver } from './driver.ts';
import { PipeReader } from './pipe.ts';

export interface Launch {
  readonly driver: Driver;
  readonly options: unknown;
  /** The first intended send, in this host's monotonic clock. */
  readonly startUs: number;
  readonly durationUs: number;
  /** An unsigned 32-bit number: the trial's. */
  readonly seed: number;
  /** The driver runs, and this is what it is. */
  readonly onStarted?: (version: string) => void;
  /** Rows of one frame are in the order of their intended sends; a later frame may hold earlier sends that took longer. */
  readonly onFrame: (classes: readonly string[], columns: SampleColumns) => void;
  /** Ends the load at once; the rows that are known until then still arrive. */
  readonly signal?: AbortSignal;
}

interface Launched {
  readonly rows: number;
  readonly version: string;
}

interface ServiceCheck {
  readonly healthy: boolean;
  /** For people: what was answered, or why nothing was. */
  readonly found: string;
}

/** How long a driver that was told to end may take to hand over its last rows. */
const graceMs = 2_000;
/** Enough of what a failed driver said to see why. */
const tailCharacters = 2_000;

const checkSchema = z.strictObject({ healthy: z.boolean(), found: z.string() });

/** Runs the load from its start to its end in a process of its own. Resolves when all rows are handed over. */
export async function launchDriver(launch: Launch): Promise<Launched> {
  const { driver, options, startUs, durationUs, seed, signal } = launch;
  const child = start(driver, 'run', { options, startUs, durationUs, seed });
  const reader = new PipeReader();
  let version: string | undefined;
  let rows = 0;
  let endedWith: number | undefined;
  const failure = await finish(child, driver, signal, (bytes) => {
    for (const message of reader.read(bytes)) {
      if (message.is === 'hello') {
        version = message.version;
        launch.onStarted?.(version);
      } else if (message.is === 'end') endedWith = message.rows;
      else {
        rows += message.columns.intendedUs.length;
        launch.onFrame(message.classes, message.columns);
      }
    }
  });
  if (failure !== undefined) throw failure;
  if (version === undefined || endedWith !== rows || reader.torn > 0) {
    throw new OrdealError(
      'INTERNAL',
      `the load driver "${driver.name}" ended amid its samples, at row ${rows}`,
    );
  }
  return { rows, version };
}

/** Asks the service once, as the workload would. */
export async function checkService(
  driver: Driver,
  options: unknown,
  signal?: AbortSignal,
): Promise<ServiceCheck> {
  const child = start(driver, 'check', { options });
  let said = '';
  const failure = await finish(child, driver, signal, (bytes) => {
    said += bytes.toString();
  });
  if (failure !== undefined) throw failure;
  return checkSchema.parse(JSON.parse(said));
}

/** The leader of a process group, so that whatever it starts ends with it. */
function start(driver: Driver, verb: 'run' | 'check', job: unknown): ChildProcess {
  const fromSource = import.meta.url.endsWith('.ts');
  const program = new URL(`./${driver.program}${fromSource ? '.ts' : '.js'}`, import.meta.url);
  const loader = fromSource ? ['--import', import.meta.resolve('tsx')] : [];
  const child = spawn(process.execPath, [...loader, fileURLToPath(program), verb], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] },
  });
  // One that ends before it has read its job says why by its exit code and standard error.
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(job));
  return child;
}

async function finish(
  child: ChildProcess,
  driver: Driver,
  signal: AbortSignal | undefined,
  onBytes: (bytes: Buffer) => void,
): Promise<OrdealError | undefined> {
  let complaint = '';
  let refused: unknown;
  child.stderr?.on('data', (bytes: Buffer) => {
    complaint = (complaint + bytes.toString()).slice(-tailCharacters);
  });
  child.stdout?.on('data', (bytes: Buffer) => {
    if (refused !== undefined) return;
    try {
      onBytes(bytes);
    } catch (error) {
      refused = error;
      killGroup(child, 'SIGKILL');
    }
  });
  let hardEnd: NodeJS.Timeout | undefined;
  const end = (): void => {
    killGroup(child, 'SIGTERM');
    hardEnd = setTimeout(() => killGroup(child, 'SIGKILL'), graceMs);
  };
  if (signal?.aborted === true) end();
  signal?.addEventListener('abort', end, { once: true });
  try {
    const [code, killedBy] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    if (refused !== undefined) return OrdealError.from(refused);
    if (code === 0) return undefined;
    const how = killedBy === null ? `exit code ${code}` : `killed by ${killedBy}`;
    const said = complaint.trim() === '' ? '' : `: ${complaint.trim()}`;
    return new OrdealError('COMMAND_FAILED', `the load driver "${driver.name}" failed (${how})${said}`);
  } catch (error) {
    return new OrdealError('COMMAND_FAILED', `the load driver "${driver.name}" could not be started`, {
      cause: error,
    });
  } finally {
    clearTimeout(hardEnd);
    signal?.removeEventListener('abort', end);
    // Whatever it may have started and left behind.
    killGroup(child, 'SIGKILL');
  }
}

function killGroup(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch {
    // The group is gone already.
  }
}
