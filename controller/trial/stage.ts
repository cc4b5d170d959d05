import type { Attempt } from './attempt.ts';
import { failureOf } from './failure.ts';
import { limits } from './limits.ts';
import { injectionsOf, injectionWork } from './tasks.ts';

/** Every injection is validated, resolved and in the journal of its host before any of them gets a start. */
export async function stage(attempt: Attempt): Promise<void> {
  const injections = injectionsOf(attempt);
  for (const injection of injections) {
    attempt.assign(injection.target.host, injection.id, { injection: injectionWork(injection, 0) });
  }
  await Promise.all(
    injections.map(async ({ id }) => {
      const status = await attempt.wait(id, () => true, { withinUs: limits.stageUs });
      if (status.state === 'FAILED') throw failureOf(status);
    }),
  );
}
