import { sleepUntil } from '../../clock/monotonic.ts';
import type { Attempt } from './attempt.ts';
import { limits } from './limits.ts';
import { workloadId } from './tasks.ts';

/** Until the load has ended by itself, one timeout after the end: the last request has its answer, or has none. */
export async function observe(attempt: Attempt): Promise<void> {
  await sleepUntil(attempt.schedule.loadEndUs, attempt.signal);
  await attempt.ended(workloadId(attempt), { withinUs: limits.workloadEndUs });
}
