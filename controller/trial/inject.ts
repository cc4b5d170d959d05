import { monotonicUs, sleepUntil } from '../../clock/monotonic.ts';
import { formatDuration } from '../../clock/duration.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { isFinal } from '../fleet/observed.ts';
import type { Attempt } from './attempt.ts';
import { failureOf } from './failure.ts';
import { awayUs, limits } from './limits.ts';
import { injectionsOf, injectionWork } from './tasks.ts';

/** Gives every injection its start, ahead of time; each agent acts at it by its own clock. Of one fault all have the same. */
export async function inject(attempt: Attempt): Promise<void> {
  const { startUs, injectUs, removeUs, endUs } = attempt.schedule;
  const lateUs = monotonicUs() + limits.injectLeadUs - injectUs;
  if (lateUs > 0) {
    const late = formatDuration(Math.ceil(lateUs / 1000) * 1000);
    throw new OrdealError('LEASE_EXPIRED', `staging ended ${late} too late for the planned start`, {
      remedy: 'Give the warm-up, or the stretch before the fault, more time.',
    });
  }
  attempt.options.say({ kind: 'trial.scheduled', startUs, injectUs, removeUs, endUs });
  const injections = injectionsOf(attempt);
  for (const injection of injections) {
    const work = injectionWork(injection, injectUs + injection.atUs);
    attempt.assign(injection.target.host, injection.id, { injection: work });
  }
  await sleepUntil(injectUs, attempt.signal);
  await Promise.all(
    injections.map(async ({ id, fault, atUs, durationUs }) => {
      const mayBeAwayUs = awayUs(fault.mechanism, fault.parameters);
      // The fault itself may keep its host from saying so: then its end tells whether it was there.
      const status = await attempt.wait(id, (said) => said.state !== 'STAGED', {
        withinUs: injectUs + atUs + durationUs + mayBeAwayUs - monotonicUs(),
        awayUs: mayBeAwayUs,
      });
      if (isFinal(status) && status.state === 'FAILED') throw failureOf(status);
    }),
  );
}
