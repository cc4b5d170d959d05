import { monotonicUs, sleepUntil } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { isFinal } from '../fleet/observed.ts';
import type { Attempt } from './attempt.ts';
import { failureOf } from './failure.ts';
import { awayUs, limits } from './limits.ts';
import { injectionsOf } from './tasks.ts';

/** Waits: the agents end their faults by their own deadlines, and nothing that is sent from here makes them. */
export async function revert(attempt: Attempt): Promise<void> {
  await sleepUntil(attempt.schedule.removeUs, attempt.signal);
  await Promise.all(
    injectionsOf(attempt).map(async ({ id, target, fault }) => {
      const mayBeAwayUs = awayUs(fault.mechanism, fault.parameters);
      const withinUs = awayOr(attempt, target.host, mayBeAwayUs) - monotonicUs();
      const options = { withinUs, awayUs: mayBeAwayUs };
      const status = await attempt.wait(id, (said) => isFinal(said) || said.state === 'STUCK', options);
      if (status.state === 'ENDED') return;
      if (status.state === 'FAILED') throw failureOf(status);
      throw new OrdealError(
        'REVERT_FAILED',
        `injection ${id} could not be taken away: ${status.errorMessage}`,
      );
    }),
  );
}

/** A host that is there gets the time of a revert; one that is away, perhaps by its fault, that of a reboot. */
function awayOr({ options, schedule }: Attempt, host: string, mayBeAwayUs: number): number {
  return schedule.removeUs + (options.fleet.host(host).connected ? limits.revertUs : mayBeAwayUs);
}
