import { setTimeout as sleep } from 'node:timers/promises';
import { faultsOf } from '../../campaign/faults-of.ts';
import { monotonicUs } from '../../clock/monotonic.ts';
import type { Attempt } from './attempt.ts';

const lookEveryMs = 50;

/**
 * Until the metrics service says that no recovery is open any more, or the horizon is over: that also where it says nothing. A golden run has
 * nothing to recover from, and what nobody watches cannot be waited for.
 */
export async function awaitRecovery({ plan, trial, schedule, signal, options }: Attempt): Promise<void> {
  if (faultsOf(trial).length === 0 || plan.watches.length === 0) return;
  while (options.recoveryIsOpen() !== false && monotonicUs() < schedule.horizonUs) {
    await sleep(lookEveryMs, undefined, { signal });
  }
}
