import type { Status } from '../status.ts';
import type { TaskRun } from './task-run.ts';

/** The last word on the attempt; all of it is in the spool then. */
export function runClose({ bench, scope }: TaskRun): Status {
  bench.clockReports.say(scope);
  bench.voice.closeAttempt(scope);
  return { state: 'ENDED' };
}
