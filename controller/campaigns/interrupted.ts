import { randomBytes } from 'node:crypto';
import { Attempt, type AttemptOptions } from '../trial/attempt.ts';
import { endEverything } from '../trial/end-everything.ts';
import { limits } from '../trial/limits.ts';
import { tearDown } from '../trial/run.ts';
import { injectionsOf, injectionWork } from '../trial/tasks.ts';

/**
 * Ends an attempt that was in flight when its controller died: everything that it may have begun is ordered to end, whether it was or not,
 * then the hosts are looked at, and say their last word on it. An agent that never heard of a task ends it at once, and one that has ended it
 * says so again to whoever wants it anew.
 */
export async function endInterrupted(options: AttemptOptions): Promise<void> {
  const { ids, fleet, halted, log, plan } = options;
  // The steps back may have run already, in part; a task is never run twice under one id.
  const again = { ...ids, prefix: `${ids.prefix}-${randomBytes(2).toString('hex')}` };
  const attempt = new Attempt({ ...options, ids: again });
  attempt.tearDown();
  await Promise.allSettled(
    attempt.hosts.map(
      async (host) => await fleet.waitForHost(host, { withinUs: limits.stageUs, signal: halted }),
    ),
  );
  for (const injection of injectionsOf(attempt)) {
    const work = injectionWork(injection, 0);
    attempt.assign(injection.target.host, injection.id, { injection: work, end: true });
  }
  const { driver } = plan.workload;
  const load = { driver, options: '{}', startUs: 0, durationUs: 0, seed: 0 };
  attempt.assign(plan.workload.host, `${ids.prefix}-workload`, { workload: load, end: true });
  await endEverything(attempt);
  const failure = await tearDown(attempt);
  if (failure !== undefined) log.warn({ err: failure }, 'an interrupted attempt left something undone');
  attempt.forget();
}
