import { setTimeout as sleep } from 'node:timers/promises';
import { formatDuration } from '../../clock/duration.ts';
import { monotonicUs } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { ServiceCheckWork__Output } from '../../proto/generated/ordeal/v1/ServiceCheckWork.ts';
import { driverOf } from '../../workload/catalogue.ts';
import { checkService } from '../../workload/launch.ts';
import { failed, type Status } from '../status.ts';
import { readOptions } from '../workload-options.ts';
import type { TaskRun } from './task-run.ts';

/** One good answer can be luck while a service comes up or goes down. */
const inARow = 2;
const pauseMs = 200;

/** Asks the service, as the load would, until it is well. */
export async function runServiceCheck(run: TaskRun, work: ServiceCheckWork__Output): Promise<Status> {
  const { bench, scope, orders } = run;
  const driver = driverOf(work.driver);
  const options = readOptions(driver, work.options);
  const giveUpAtUs = monotonicUs() + work.withinUs;
  // An answer that never comes must not outlast the time that there is.
  const signal = AbortSignal.any([orders.ended, AbortSignal.timeout(Math.ceil(work.withinUs / 1000))]);
  const isOver = (): boolean => signal.aborted;
  let found = 'it was not asked once';
  for (let healthy = 0; !isOver() && monotonicUs() < giveUpAtUs;) {
    const answer = await checkService(driver, options, signal).catch((error: unknown) => ({
      healthy: false,
      found: OrdealError.from(error).message,
    }));
    if (isOver() && !answer.healthy) break;
    found = answer.found;
    healthy = answer.healthy ? healthy + 1 : 0;
    if (healthy === inARow) {
      bench.voice.event(scope, { kind: 'service.checked', healthy: true, found });
      return { state: 'ENDED', found: [found] };
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  if (orders.isEnded) return { state: 'ENDED', found: [found] };
  bench.voice.event(scope, { kind: 'service.checked', healthy: false, found });
  const within = formatDuration(work.withinUs);
  const message = `the service did not answer well ${inARow} times in a row within ${within}; last: ${found}`;
  return { ...failed(new OrdealError('COMMAND_FAILED', message)), found: [found] };
}
