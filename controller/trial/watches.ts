import { monotonicUs } from '../../clock/monotonic.ts';
import { faultsOf } from '../../campaign/faults-of.ts';
import type { WatchPlan } from '../../campaign/plan.ts';
import type { WatchWork } from '../../proto/generated/ordeal/v1/WatchWork.ts';
import { isFinal } from '../fleet/observed.ts';
import type { Attempt } from './attempt.ts';
import { awayUs, limits } from './limits.ts';

/** Orders every watch of the campaign: from now until its end is ordered, and no longer than the attempt can take. */
export function startWatches(attempt: Attempt): void {
  const { plan, trial, schedule } = attempt;
  // A step may wait for a host that reboots; then all that is left of the schedule comes later.
  const away = faultsOf(trial).map(({ fault }) => awayUs(fault.mechanism, fault.parameters));
  const mayBeAwayUs = Math.max(limits.rebootUs, ...away);
  const withinUs = schedule.horizonUs - monotonicUs() + mayBeAwayUs;
  for (const [index, watch] of plan.watches.entries()) {
    attempt.assign(watch.host, watchId(attempt, index), { watch: watchWork(watch, withinUs) });
  }
}

/** A watch that does not begin says so itself, and what could be known by it is unknown: the trial goes on. */
export async function watchesStarted(attempt: Attempt): Promise<void> {
  await eachWatch(attempt, async (id) => {
    const options = { withinUs: limits.watchStartUs };
    const status = await attempt.wait(id, (said) => said.state === 'ACTIVE' || isFinal(said), options);
    if (status.state === 'FAILED') throw new Error(status.errorMessage);
  });
}

export async function endWatches(attempt: Attempt): Promise<void> {
  const { fleet } = attempt.options;
  await eachWatch(attempt, async (id) => {
    fleet.end(id);
    const status = await attempt.wait(id, isFinal, { withinUs: limits.endUs });
    if (status.state === 'FAILED') throw new Error(status.errorMessage);
  });
}

async function eachWatch(attempt: Attempt, act: (id: string) => Promise<void>): Promise<void> {
  const { plan, options } = attempt;
  await Promise.all(
    plan.watches.map(async ({ name }, index) => {
      await act(watchId(attempt, index)).catch((error: unknown) => {
        if (!attempt.signal.aborted) options.log.warn({ watch: name, err: error }, 'a watch failed');
      });
    }),
  );
  attempt.signal.throwIfAborted();
}

function watchId(attempt: Attempt, index: number): string {
  return attempt.taskId(`watch-${index}`);
}

function watchWork({ name, source }: WatchPlan, withinUs: number): WatchWork {
  switch (source.kind) {
    case 'log':
      return { name, withinUs, log: { file: source.file } };
    case 'kernel':
      return { name, withinUs, kernel: {} };
    case 'command':
      return { name, withinUs, command: { argv: [...source.argv], everyUs: source.everyUs } };
    case 'journal':
      return { name, withinUs, journal: { units: [...source.units] } };
  }
}
