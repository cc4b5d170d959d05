import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicUs } from '../clock/monotonic.ts';
import { OrdealError } from '../errors/ordeal-error.ts';
import type { Log } from '../service/log.ts';
import type { Outbox } from './outbox.ts';
import { graceMs, signalGroup } from './process-group.ts';
import { isAlive, type ProcessIdentity } from '../procfs/identity.ts';
import { settle } from './settle.ts';
import { failed, statusOf } from './status.ts';

const lookEveryMs = 20;

/** Ends the commands that ran when an earlier agent of this host was killed, and settles them: what was begun once is not begun again. */
export async function endInterruptedCommands(outbox: Outbox, log: Log): Promise<void> {
  await Promise.all(
    outbox.begunEarlier.map(async ({ id, process: leader }) => {
      log.warn({ task: id, leader }, 'an earlier agent was killed while a command ran: ending it');
      if (leader !== undefined) await endGroupOf(leader);
      const became =
        leader === undefined
          ? 'nobody knows as which process, so it may still run'
          : 'it was ended when the agent was started anew';
      const why = `the agent was killed while this ran; ${became}`;
      const outcome = statusOf(id, failed(new OrdealError('ABORTED', why)));
      await settle(outcome, async () => await Promise.resolve(), outbox, log);
    }),
  );
}

/** A pid that is another process by now names another group: that one is left alone. */
async function endGroupOf(leader: ProcessIdentity): Promise<void> {
  if (!(await isAlive(leader))) return;
  signalGroup(leader.pid, 'SIGTERM');
  const giveUpAtUs = monotonicUs() + graceMs * 1000;
  while (monotonicUs() < giveUpAtUs && (await isAlive(leader))) await sleep(lookEveryMs);
  // Also where it has ended: what it started may not have heeded the first signal.
  signalGroup(leader.pid, 'SIGKILL');
}
