import type { Log } from '../service/log.ts';
import type { Outbox } from './outbox.ts';
import type { StatusOfTask } from './status.ts';

/**
 * Keeps how a task ended, before what it held is forgotten: a crash in between loses neither. A full disk takes no outcome; there the journal
 * is put right first, so that nobody reverts what is gone already, and what was forgotten makes room.
 */
export async function settle(
  outcome: StatusOfTask,
  forget: () => Promise<void>,
  outbox: Outbox,
  log: Pick<Log, 'error'>,
): Promise<void> {
  const isKept = await keep(outcome, outbox, log);
  await forget();
  if (!isKept) await keep(outcome, outbox, log);
  outbox.say(outcome);
}

async function keep(outcome: StatusOfTask, outbox: Outbox, log: Pick<Log, 'error'>): Promise<boolean> {
  try {
    await outbox.keep(outcome);
    return true;
  } catch (error) {
    log.error({ task: outcome.id, err: error }, 'the outcome of a task could not be kept on disk');
    return false;
  }
}
