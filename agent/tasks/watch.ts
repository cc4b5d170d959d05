import { OrdealError } from '../../errors/ordeal-error.ts';
import type { WatchWork__Output } from '../../proto/generated/ordeal/v1/WatchWork.ts';
import type { Status } from '../status.ts';
import { sourceOf } from '../watch/sources.ts';
import { watchSource } from '../watch/watcher.ts';
import type { TaskRun } from './task-run.ts';

/** Says what the infrastructure says about itself, until the end is ordered; or until its time is over, should nobody order it. */
export async function runWatch(
  { bench, scope, orders, say }: TaskRun,
  work: WatchWork__Output,
): Promise<Status> {
  if (!(work.withinUs > 0)) throw new OrdealError('INVALID_INPUT', 'a watch needs an end');
  await watchSource(sourceOf(work), {
    watch: work.name,
    tell: (body, at) => bench.voice.event(scope, body, at),
    onReady: () => say({ state: 'ACTIVE' }),
    signal: AbortSignal.any([orders.ended, AbortSignal.timeout(Math.ceil(work.withinUs / 1000))]),
  });
  return { state: 'ENDED' };
}
