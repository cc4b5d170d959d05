import { sleepUntil } from '../../clock/monotonic.ts';
import type { Attempt } from './attempt.ts';
import { awaitRecovery } from './await-recovery.ts';
import { limits } from './limits.ts';
import { workloadId } from './tasks.ts';
import { endWatches } from './watches.ts';

/**
 * Until the load has ended by itself, one timeout after the end: the last request has its answer, or has none. Then the infrastructure is watched
 * for as long as a recovery is open.
 */
export async function observe(attempt: Attempt): Promise<void> {
  await sleepUntil(attempt.schedule.loadEndUs, attempt.signal);
  await attempt.ended(workloadId(attempt), { withinUs: limits.workloadEndUs });
  await awaitRecovery(attempt);
  await endWatches(attempt);
}
