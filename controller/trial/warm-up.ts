import { monotonicUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { isFinal } from '../fleet/observed.ts';
import type { Attempt } from './attempt.ts';
import { failureOf } from './failure.ts';
import { limits } from './limits.ts';
import { scheduleFrom } from './schedule.ts';
import { workloadId, workloadWork } from './tasks.ts';
import { startWatches, watchesStarted } from './watches.ts';

/**
 * Orders the watches for now and the load for an instant ahead, from which every other instant of the attempt follows. Over when both run: what
 * comes next, staging, has the stretches of warm-up and before for itself.
 */
export async function warmUp(attempt: Attempt): Promise<void> {
  const { plan, trial } = attempt;
  const loadUs = monotonicUs() + limits.workloadLeadUs;
  attempt.schedule = scheduleFrom(loadUs, trial.timeline, plan.definition.timeoutUs);
  startWatches(attempt);
  const id = workloadId(attempt);
  attempt.assign(plan.workload.host, id, { workload: workloadWork(attempt) });
  const status = await attempt.wait(id, (said) => said.state === 'ACTIVE' || isFinal(said), {
    withinUs: limits.workloadLeadUs + limits.workloadStartUs,
  });
  if (status.state !== 'ACTIVE') throw gone(attempt, status);
  void watchLoad(attempt, id);
  await watchesStarted(attempt);
}

/** Without its load a trial says nothing: an attempt whose driver crashed or whose tester is lost is not waited out. */
async function watchLoad(attempt: Attempt, id: string): Promise<void> {
  try {
    const status = await attempt.wait(id, isFinal, { withinUs: Number.POSITIVE_INFINITY });
    if (status.state === 'FAILED' || monotonicUs() < attempt.schedule.endUs)
      attempt.break(gone(attempt, status));
  } catch (error) {
    // Also when the attempt is over and the task was taken back: then nobody listens.
    attempt.break(error);
  }
}

function gone({ plan }: Attempt, status: Parameters<typeof failureOf>[0]): OrdealError {
  if (status.state === 'FAILED') return failureOf(status);
  return new OrdealError('COMMAND_FAILED', `the load on host "${plan.workload.host}" ended before its time`);
}
