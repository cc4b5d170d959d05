import type { Status } from '../status.ts';
import type { TaskRun } from './task-run.ts';

/** The last word on the attempt, after those of its other tasks; all of it is in the spool then. */
export async function runClose({ bench, scope, neighbours }: TaskRun): Promise<Status> {
  await neighbours();
  bench.clockReports.say(scope);
  bench.voice.closeAttempt(scope);
  return { state: 'ENDED' };
}
