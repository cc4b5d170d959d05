import type { Attempt } from './attempt.ts';
import { checkHosts } from './host-check.ts';
import { limits } from './limits.ts';

/** A trial begins with a healthy service on clean hosts, or not at all. */
export async function check(attempt: Attempt): Promise<void> {
  await checkHosts(attempt, 'check');
  const { workload, system } = attempt.plan;
  const id = attempt.taskId('health');
  attempt.assign(workload.host, id, {
    serviceCheck: {
      driver: workload.driver,
      options: JSON.stringify(workload.options ?? {}),
      withinUs: system.healthWithinUs,
    },
  });
  await attempt.ended(id, { withinUs: system.healthWithinUs + limits.reportUs });
}
