import { monotonicUs, sleepUntil } from '../../clock/monotonic.ts';
import { OrdealError } from '../../errors/ordeal-error.ts';
import type { WorkloadWork__Output } from '../../proto/generated/ordeal/v1/WorkloadWork.ts';
import { driverOf } from '../../workload/catalogue.ts';
import { launchDriver } from '../../workload/launch.ts';
import { ownInstant } from '../own-instant.ts';
import { failed, type Status } from '../status.ts';
import { readOptions } from '../workload-options.ts';
import type { TaskRun } from './task-run.ts';

/** The seed of a driver is an unsigned 32-bit number. */
const seeds = 2 ** 32;

/** A load that begins later than its first requests were due has not sent what was planned. */
const latestStartUs = 1_000_000;

export async function runWorkload(run: TaskRun, work: WorkloadWork__Output): Promise<Status> {
  const { bench, scope, orders } = run;
  let rows = 0;
  try {
    const driver = driverOf(work.driver);
    const options = readOptions(driver, work.options);
    run.say({ state: 'STAGED' });
    const startUs = await ownInstant(run);
    if (startUs === undefined) return { state: 'ENDED' };
    if (monotonicUs() - startUs > latestStartUs) {
      const lateMs = Math.round((monotonicUs() - startUs) / 1000);
      throw new OrdealError('ABORTED', `the load was to begin ${lateMs} ms before it could be started`);
    }
    await launchDriver({
      driver,
      options,
      startUs,
      durationUs: work.durationUs,
      seed: work.seed % seeds,
      signal: orders.ended,
      onStarted: (version) => {
        bench.voice.event(scope, { kind: 'workload.started', driver: driver.name, version });
        void sayActiveAt(run, startUs);
      },
      onFrame: (classes, columns) => {
        rows += columns.intendedUs.length;
        bench.voice.samples(scope, classes, columns);
      },
    });
    const stopped = orders.isEnded ? { failed: 'it was stopped before its end' } : {};
    bench.voice.event(scope, { kind: 'workload.ended', rows, ...stopped });
    return { state: 'ENDED' };
  } catch (error) {
    const { message } = OrdealError.from(error);
    bench.voice.event(scope, { kind: 'workload.ended', rows, failed: message });
    // One that was told to end has done as it was told, however it went.
    return orders.isEnded ? { state: 'ENDED', found: [message] } : failed(error);
  }
}

async function sayActiveAt({ say, orders }: TaskRun, startUs: number): Promise<void> {
  // An end before the start leaves nothing to say.
  await sleepUntil(startUs, orders.ended).catch(() => undefined);
  if (!orders.isEnded) say({ state: 'ACTIVE' });
}
