import { formatDuration } from '../../clock/duration.ts';
import { monotonicUs, sleepUntil } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import { isFinal } from '../fleet/observed.ts';
import type { Attempt } from './attempt.ts';
import { awaitNotice } from './await-notice.ts';
import { failureOf } from './failure.ts';
import { awayUs, limits } from './limits.ts';
import { injectionsOf, injectionWork, type Injection } from './tasks.ts';

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
  for (const injection of injections)
    if (injection.upon === undefined) start(attempt, injection, injectUs + injection.atUs);
  await sleepUntil(injectUs, attempt.signal);
  await Promise.all([
    ...injections
      .filter(({ upon }) => upon === undefined)
      .map(async (injection) => await active(attempt, injection, injectUs + injection.atUs)),
    ...awaiting(injections).map(async (parts) => await injectUpon(attempt, parts)),
  ]);
}

/** The parts of each fault that waits for something. */
function awaiting(injections: readonly Injection[]): (readonly Injection[])[] {
  const byFault = new Map<string, Injection[]>();
  for (const injection of injections) {
    if (injection.upon === undefined) continue;
    const { name } = injection.fault;
    byFault.set(name, [...(byFault.get(name) ?? []), injection]);
  }
  return [...byFault.values()];
}

async function injectUpon(attempt: Attempt, parts: readonly Injection[]): Promise<void> {
  const [{ fault, atUs, upon } = {}] = parts;
  if (fault === undefined || atUs === undefined || upon === undefined) return;
  const startUs = await awaitNotice(attempt, { name: fault.name, atUs }, upon);
  if (startUs === undefined) {
    for (const { id } of parts) attempt.options.fleet.end(id);
    return;
  }
  for (const injection of parts) start(attempt, injection, startUs);
  await Promise.all(parts.map(async (injection) => await active(attempt, injection, startUs)));
}

function start(attempt: Attempt, injection: Injection, startUs: number): void {
  attempt.assign(injection.target.host, injection.id, { injection: injectionWork(injection, startUs) });
}

/** The fault itself may keep its host from saying so: then its end tells whether it was there. */
async function active(
  attempt: Attempt,
  { id, fault, durationUs }: Injection,
  startUs: number,
): Promise<void> {
  const mayBeAwayUs = awayUs(fault.mechanism, fault.parameters);
  const status = await attempt.wait(id, (said) => said.state !== 'STAGED', {
    withinUs: startUs + durationUs + mayBeAwayUs - monotonicUs(),
    awayUs: mayBeAwayUs,
  });
  if (isFinal(status) && status.state === 'FAILED') throw failureOf(status);
}
