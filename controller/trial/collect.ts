import type { Attempt } from './attempt.ts';
import { limits } from './limits.ts';

/** Every host says its last word on the attempt, where it can. */
export async function collect(attempt: Attempt): Promise<void> {
  const closes = await Promise.allSettled(
    attempt.hosts.map(async (host, index) => {
      const id = attempt.taskId(`close-${index}`);
      attempt.assign(host, id, { close: {} });
      await attempt.ended(id, { withinUs: limits.closeUs });
    }),
  );
  attempt.signal.throwIfAborted();
  for (const close of closes) if (close.status === 'rejected') throw close.reason;
}
