import { isFinal } from '../fleet/observed.ts';
import type { Attempt } from './attempt.ts';
import { limits } from './limits.ts';

/**
 * Orders the end of all that the attempt may have begun, and waits until it has ended. Never throws for a host that does not answer: the
 * fault there ends by its own deadline, and whether it did is looked at next.
 */
export async function endEverything(attempt: Attempt): Promise<void> {
  const { fleet, log } = attempt.options;
  for (const id of attempt.tasks) fleet.end(id);
  await Promise.all(
    attempt.tasks.map(async (id) => {
      try {
        await attempt.wait(id, isFinal, { withinUs: limits.endUs });
      } catch (error) {
        log.warn({ task: id, err: error }, 'a task has not reported its end');
      }
    }),
  );
  attempt.signal.throwIfAborted();
}
