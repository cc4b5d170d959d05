import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { DetachedProcess } from '../machine/detached-process.ts';

interface SwitchPlace {
  readonly socket: string;
  readonly frames: string;
  readonly process: string;
  readonly log: string;
  readonly endsWithItsStarter?: boolean;
}

/** Node takes a second to start, on a busy machine thirty. */
const readyWithinMs = 30_000;
const lookAgainMs = 20;

/** Starts the switch of a lab, unless it runs; resolves when machines can connect. */
export async function startSwitch({
  socket,
  frames,
  process: file,
  log,
  ...more
}: SwitchPlace): Promise<void> {
  const known = await DetachedProcess.known(file);
  if (known !== undefined && (await known.isAlive())) return;
  for (const left of [socket, frames]) await rm(left, { force: true });
  const main = import.meta.url.endsWith('.ts') ? './main.ts' : './main.js';
  const program = fileURLToPath(new URL(main, import.meta.url));
  const argv = [process.execPath, ...process.execArgv, program, socket, frames] as const;
  const started = await DetachedProcess.start({ argv, log, file, ...more });
  const giveUpAt = Date.now() + readyWithinMs;
  while (!(await isListening(socket))) {
    if (Date.now() > giveUpAt || !(await started.isAlive())) {
      throw new OrdealError('COMMAND_FAILED', `the switch of the lab did not start; its log is ${log}`);
    }
    await sleep(lookAgainMs);
  }
}

async function isListening(path: string): Promise<boolean> {
  const socket = connect(path);
  const answers = await once(socket, 'connect').then(
    () => true,
    () => false,
  );
  socket.destroy();
  return answers;
}
