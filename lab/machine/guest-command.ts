import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { GuestAgent } from './guest-agent.ts';

export interface CommandResult {
  /** The exit code, or 128 and the signal, as a shell has it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface CommandOptions {
  readonly input?: string | Buffer;
  /** It is killed then. */
  readonly timeoutMs: number;
  /** For one answer of the agent. */
  readonly answerMs: number;
}

/** The agent runs as a service, which has no environment to speak of. */
const environment = [
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  'HOME=/root',
  'LC_ALL=C.UTF-8',
];

/** First often, so that what is short is short; then seldom, so that what is long costs nothing. */
const pollMs = { first: 5, most: 400, growth: 1.5 };

/** What the agent keeps of a command's output at the most; the rest it throws away. */
const mostOutput = '16 MiB';

const startedSchema = z.object({ pid: z.int() });
const statusSchema = z.object({
  exited: z.boolean(),
  exitcode: z.int().optional(),
  signal: z.int().optional(),
  'out-data': z.string().default(''),
  'err-data': z.string().default(''),
  'out-truncated': z.boolean().default(false),
  'err-truncated': z.boolean().default(false),
});

/** Runs a program in the machine, by its arguments, to its end. */
export async function runInGuest(
  agent: GuestAgent,
  argv: readonly string[],
  { input = '', timeoutMs, answerMs }: CommandOptions,
): Promise<CommandResult> {
  const giveUpAt = Date.now() + timeoutMs;
  const [path = '', ...arg] = argv;
  const started = await agent.ask(
    'guest-exec',
    {
      // Not spared when memory runs out, as who starts it is; a process group of its own, so that it can be killed with all that it has started.
      path: 'choom',
      arg: ['-n', '0', '--', 'setsid', '--wait', path, ...arg],
      env: environment,
      'capture-output': true,
      'input-data': Buffer.from(input).toString('base64'),
    },
    answerMs,
  );
  const { pid } = startedSchema.parse(started);
  for (let waitMs = pollMs.first; ; waitMs = Math.min(waitMs * pollMs.growth, pollMs.most)) {
    const status = statusSchema.parse(await agent.ask('guest-exec-status', { pid }, answerMs));
    if (status.exited) return resultOf(argv, status);
    if (Date.now() > giveUpAt) {
      await kill(agent, pid, answerMs);
      throw new OrdealError('COMMAND_FAILED', `"${argv.join(' ')}" took more than ${timeoutMs / 1000} s`);
    }
    await sleep(waitMs);
  }
}

function resultOf(argv: readonly string[], status: z.infer<typeof statusSchema>): CommandResult {
  if (status['out-truncated'] || status['err-truncated']) {
    const message = `"${argv.join(' ')}" said more than the ${mostOutput} that can be brought out of a machine at once`;
    throw new OrdealError('COMMAND_FAILED', message, { remedy: 'Have it write to a file in the machine.' });
  }
  const decoded = (data: string): string => Buffer.from(data, 'base64').toString('utf8');
  return {
    code: status.exitcode ?? 128 + (status.signal ?? 0),
    stdout: decoded(status['out-data']),
    // What starts it is nothing that whoever asked for it has named.
    stderr: decoded(status['err-data']).replace(/^setsid: (?=failed to execute )/, ''),
  };
}

/** The command and its children; nobody waits for them. */
async function kill(agent: GuestAgent, pid: number, answerMs: number): Promise<void> {
  await agent
    .ask('guest-exec', { path: 'pkill', arg: ['-KILL', '-g', String(pid)], env: environment }, answerMs)
    .catch(() => undefined);
}
